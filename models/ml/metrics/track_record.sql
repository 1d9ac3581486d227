{{ config(materialized='view') }}

with

metric_intervals as (

    select * from {{ ref('metric_intervals') }}

),

track_record as (

    select
        problem,
        split as period,
        substr(cast(period_from_local as varchar), 1, 7) as until_month_local,
        metric,
        value,
        ci_low,
        ci_high,
        baseline_value,
        n
    from metric_intervals
    where model_id = 'published'

)

select * from track_record
