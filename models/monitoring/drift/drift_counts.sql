with

drift_steps as (

    select * from {{ ref('drift_steps') }}

),

scores as (

    select * from {{ ref('scores') }}

),

drift_counts as (

    select
        scores.problem,
        scores.model_id,
        '(prediction)' as feature,
        false as is_category,
        {{ dbt.date_trunc('week', 'scores.prediction_at') }} as week_from_at,
        round(scores.prediction / drift_steps.step) as cell,
        '' as category,
        count(*) as n
    from scores
    inner join drift_steps
        on
            scores.problem = drift_steps.problem
            and drift_steps.feature = '(prediction)'
    group by all
    {% for watched in watched_features() %}
        {% set value = 'dataset.' ~ watched.feature %}
        union all
        select
            '{{ watched.problem }}' as problem,
            '' as model_id,
            '{{ watched.feature }}' as feature,
            {{ watched.is_category }} as is_category,
            {{ dbt.date_trunc('week', 'dataset.prediction_at') }} as week_from_at,
            {% if watched.is_category %}
                cast(null as double) as cell,
                coalesce(cast({{ value }} as varchar), '') as category,
            {% else %}
                round(cast({{ value }} as double) / drift_steps.step) as cell,
                '' as category,
            {% endif %}
            count(*) as n
        from {{ ref(watched.problem ~ '_dataset') }} as dataset
        {% if not watched.is_category %}
            inner join drift_steps
                on
                    drift_steps.problem = '{{ watched.problem }}'
                    and drift_steps.feature = '{{ watched.feature }}'
        {% endif %}
        group by all
    {% endfor %}

)

select * from drift_counts
