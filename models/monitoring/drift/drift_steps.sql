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

-- To four digits, so that what is counted is little, however many the examples are.
value_counts as (

    select
        scores.problem,
        '(prediction)' as feature,
        {{ to_four_digits('scores.prediction') }} as value,
        count(*) as n
    from scores
    inner join first_versions
        on
            scores.model_id = first_versions.model_id
            and scores.prediction_at < first_versions.cutoff_at
    group by all
    {% for watched in watched_features() if not watched.is_category %}
        union all
        select
            first_versions.problem,
            '{{ watched.feature }}' as feature,
            {{ to_four_digits('cast(dataset.' ~ watched.feature ~ ' as double)') }}
                as value,
            count(*) as n
        from {{ ref(watched.problem ~ '_dataset') }} as dataset
        inner join first_versions
            on
                first_versions.problem = '{{ watched.problem }}'
                and dataset.prediction_at < first_versions.calibration_from_at
        group by all
    {% endfor %}
),

ranked_values as (

    select
        problem,
        feature,
        value,
        sum(n) over (
            partition by problem, feature, value is null
            order by value
        ) as n_to,
        sum(n) over (partition by problem, feature, value is null) as all_n
    from value_counts

),

-- How far the values reach: 98 % of them, else all, else their size.
spreads as (

    select
        problem,
        feature,
        coalesce(
            nullif(
                min(case when n_to >= 0.99 * all_n then value end)
                - min(case when n_to >= 0.01 * all_n then value end),
                0
            ),
            nullif(max(value) - min(value), 0),
            nullif(abs(max(value)), 0),
            1
        ) as spread
    from ranked_values
    group by problem, feature

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
