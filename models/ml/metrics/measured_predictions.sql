{{ config(materialized='ephemeral') }}

with

evaluations as (

    select * from {{ ref('evaluations') }}

),

predictions as (

    select * from {{ ref('predictions') }}
    where label is not null

),

-- A version on each of its splits: all rows, and each segment.
versions as (

    select
        *,
        'all' as segment
    from evaluations
    union all
    select
        *,
        first_segment as segment
    from evaluations
    union all
    select
        *,
        second_segment as segment
    from evaluations

),

-- What was published, whichever version was in force: by month, and up to each month.
published as (

    select
        predictions.problem,
        predictions.entity_id,
        predictions.prediction,
        predictions.label,
        evaluations.baseline_prediction,
        evaluations.resampling_day,
        substr(cast(evaluations.resampling_day as varchar), 1, 7) as month_local
    from predictions
    inner join evaluations
        on
            predictions.problem = evaluations.problem
            and predictions.model_id = evaluations.model_id
            and predictions.entity_id = evaluations.entity_id
            and predictions.prediction_at = evaluations.prediction_at
            and evaluations.split = 'live'

),

months as (

    select distinct month_local
    from published

),

measured_predictions as (

    select
        problem,
        model_id,
        split,
        segment,
        entity_id,
        resampling_day,
        prediction,
        baseline_prediction,
        label
    from versions
    union all
    select
        problem,
        'published' as model_id,
        'month' as split,
        month_local as segment,
        entity_id,
        resampling_day,
        prediction,
        baseline_prediction,
        label
    from published
    union all
    select
        published.problem,
        'published' as model_id,
        'to date' as split,
        months.month_local as segment,
        published.entity_id,
        published.resampling_day,
        published.prediction,
        published.baseline_prediction,
        published.label
    from published
    inner join months on published.month_local <= months.month_local

)

select * from measured_predictions
