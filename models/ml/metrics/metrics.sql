{{ config(materialized='view') }}

with

metric_intervals as (

    select * from {{ ref('metric_intervals') }}

),

metrics as (

    select
        model_id,
        problem,
        split,
        segment,
        metric,
        value,
        ci_low,
        ci_high,
        baseline_value,
        n
    from metric_intervals
    where period_from_local is null

)

select * from metrics
