with

models as (

    select * from {{ ref('models') }}
    where attempt = 1

),

scores as (

    select * from {{ ref('scores') }}

),

first_versions as (

    select
        problem,
        min_by(model_id, cutoff_at) as model_id,
        min_by(calibration_from_at, cutoff_at) as calibration_from_at,
        min(cutoff_at) as cutoff_at
    from models
    group by problem

),

spreads as (

    select
        scores.problem,
        '(prediction)' as feature,
        {{ spread('scores.prediction') }} as spread
    from scores
    inner join first_versions
        on
            scores.model_id = first_versions.model_id
            and scores.prediction_at < first_versions.cutoff_at
    group by scores.problem
    {% for watched in watched_features() if not watched.is_category %}
        union all
        select
            first_versions.problem,
            '{{ watched.feature }}' as feature,
            {{ spread('cast(dataset.' ~ watched.feature ~ ' as double)') }} as spread
        from {{ ref(watched.problem ~ '_dataset') }} as dataset
        inner join first_versions
            on
                first_versions.problem = '{{ watched.problem }}'
                and dataset.prediction_at < first_versions.calibration_from_at
        group by first_versions.problem
    {% endfor %}
),

drift_steps as (

    select
        problem,
        feature,
        power(10, floor(log10(spread))) / 100 as step
    from spreads

)

select * from drift_steps
order by problem, feature
