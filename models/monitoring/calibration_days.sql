{{ config(materialized='ephemeral') }}

with

published_evaluations as (

    select * from {{ ref('published_evaluations') }}
    where label is not null

),

of_versions as (

    select
        *,
        unnest([model_id, 'published']) as version
    from published_evaluations

),

of_months as (

    select
        *,
        unnest([substr(cast(month_from_local as varchar), 1, 7), 'all months'])
            as month_local
    from of_versions

),

-- Equal predictions share a bin, as in the calibration_error of ml.metrics.
placed as (

    select
        *,
        1 + {{ equal_count_bin(
            'rank() over (
                partition by problem, version, month_local order by prediction
            ) - 1',
            'count(*) over (partition by problem, version, month_local)'
        ) }} as bin
    from of_months

),

-- A label between the ends, or on one of them, is covered.
calibration_days as (

    select
        problem,
        version,
        month_local,
        bin,
        resampling_day,
        count(*) as n,
        min(prediction) as lowest_prediction,
        max(prediction) as highest_prediction,
        {{ exact_sum('prediction') }} as predictions,
        sum(cast(label = 1 as integer)) as positives,
        sum(cast(label >= lower and label <= upper as integer)) as covered,
        sum(cast(label < lower as integer)) as below,
        sum(cast(label > upper as integer)) as above
    from placed
    group by problem, version, month_local, bin, resampling_day

)

select * from calibration_days
