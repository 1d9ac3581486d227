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
        *,
        unnest(segments) as segment
    from evaluations

),

measured_predictions as (

    select
        metric_groups.group_number,
        metric_groups.task,
        metric_groups.tail,
        members.resampling_day,
        members.prediction,
        members.lower,
        members.upper,
        members.baseline_prediction,
        members.baseline_lower,
        members.baseline_upper,
        members.label
    from members
    inner join metric_groups
        on
            members.model_id = metric_groups.model_id
            and members.split = metric_groups.split
            and members.segment = metric_groups.segment
    union all
    select
        metric_groups.group_number,
        metric_groups.task,
        metric_groups.tail,
        published_evaluations.resampling_day,
        published_evaluations.prediction,
        published_evaluations.lower,
        published_evaluations.upper,
        published_evaluations.baseline_prediction,
        published_evaluations.baseline_lower,
        published_evaluations.baseline_upper,
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

)

select * from measured_predictions
