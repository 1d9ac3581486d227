with

clock as (

    select * from {{ ref('clock') }}

),

problems as (

    select
        problem,
        offset_days,
        (1 + coverage) / 2 as share_within_an_end
    from {{ ref('problems') }}
    where task = 'regression'

),

models as (

    select * from {{ ref('models') }}

),

scores as (

    select * from {{ ref('scores') }}

),

labels as (

    select * from {{ ref('labels') }}
    where version = 1 and label is not null

),

-- By how much each label lay below the lower end, or above the upper one.
excesses as (

    select
        scores.problem,
        scores.model_id,
        labels.label_known_at,
        scores.lower - labels.label as below_lower,
        labels.label - scores.upper as above_upper
    from scores
    inner join labels
        on
            scores.problem = labels.problem
            and scores.entity_id = labels.entity_id
            and scores.prediction_at = labels.prediction_at

),

numbers as (

    {{ dbt.generate_series(4000) }}

),

days as (

    select
        models.problem,
        models.model_id,
        models.cutoff_at,
        models.gate_from_at
        + to_days(cast(numbers.generated_number - 1 as integer)) as from_at,
        problems.offset_days,
        problems.share_within_an_end
    from models
    inner join problems on models.problem = problems.problem
    cross join numbers
    cross join clock
    where
        models.gate_from_at
        + to_days(cast(numbers.generated_number - 1 as integer)) < clock.clock_at

),

known_excesses as (

    select
        days.problem,
        days.model_id,
        days.cutoff_at,
        days.from_at,
        max(days.share_within_an_end) as share_within_an_end,
        count(*) as n,
        array_agg(excesses.below_lower order by excesses.below_lower) as below_lower,
        array_agg(excesses.above_upper order by excesses.above_upper) as above_upper
    from days
    inner join excesses
        on
            days.model_id = excesses.model_id
            and days.from_at > excesses.label_known_at
            and days.from_at - to_days(days.offset_days) <= excesses.label_known_at
    group by days.problem, days.model_id, days.cutoff_at, days.from_at

),

interval_offsets as (

    select
        problem,
        model_id,
        cutoff_at,
        from_at,
        n,
        {{ quantile_of_sorted('below_lower', 'n', 'share_within_an_end') }}
            as lower_offset,
        {{ quantile_of_sorted('above_upper', 'n', 'share_within_an_end') }}
            as upper_offset
    from known_excesses

)

select * from interval_offsets
order by problem, model_id, from_at
