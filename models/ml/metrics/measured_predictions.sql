{{ config(materialized='ephemeral') }}

with

evaluations as (

    select * from {{ ref('evaluations') }}

),

published_evaluations as (

    select * from {{ ref('published_evaluations') }}

),

metric_groups as (

    select * from {{ ref('metric_groups') }}

),

members as (

    select
        metric_groups.group_number,
        evaluations.resampling_day,
        evaluations.prediction,
        evaluations.baseline_prediction,
        evaluations.label
    from evaluations
    inner join metric_groups
        on
            evaluations.model_id = metric_groups.model_id
            and evaluations.split = metric_groups.split
    where metric_groups.segment in (
        'all', evaluations.first_segment, evaluations.second_segment
    )

),

published_members as (

    select
        metric_groups.group_number,
        published_evaluations.resampling_day,
        published_evaluations.prediction,
        published_evaluations.baseline_prediction,
        published_evaluations.label
    from published_evaluations
    inner join metric_groups
        on
            published_evaluations.problem = metric_groups.problem
            and published_evaluations.month_local <= metric_groups.segment
    where
        metric_groups.model_id = 'published'
        and (
            metric_groups.split = 'to date'
            or metric_groups.segment = published_evaluations.month_local
        )

),

measured_predictions as (

    select * from members
    union all
    select * from published_members

)

select * from measured_predictions
