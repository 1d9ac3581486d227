{{ config(materialized='ephemeral') }}

with

evaluations as (

    select * from {{ ref('evaluations') }}

),

published_evaluations as (

    select * from {{ ref('published_evaluations') }}

),

published_members as (

    select * from {{ ref('published_members') }}

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

of_versions as (

    select
        metric_groups.group_number,
        metric_groups.task,
        metric_groups.tail,
        metric_groups.is_estimated,
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

),

of_all_published as (

    select
        metric_groups.group_number,
        metric_groups.task,
        metric_groups.tail,
        metric_groups.is_estimated,
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
            and published_evaluations.month_from_local
            <= metric_groups.period_from_local
    where
        metric_groups.model_id = 'published'
        and (
            metric_groups.split = 'to date'
            or metric_groups.period_from_local = published_evaluations.month_from_local
        )
        and published_evaluations.label is not null

),

-- Where a probability is right, it is the mean of the labels that will come. An
-- estimate takes it for the label of every prediction, and is the same before and after
-- they come.
of_periods as (

    select
        metric_groups.group_number,
        metric_groups.task,
        metric_groups.tail,
        metric_groups.is_estimated,
        published_members.resampling_day,
        published_members.prediction,
        published_members.lower,
        published_members.upper,
        published_members.baseline_prediction,
        published_members.baseline_lower,
        published_members.baseline_upper,
        case
            when metric_groups.is_estimated
                then {{ summable_probability('published_members.prediction') }}
            else published_members.label
        end as label
    from published_members
    inner join metric_groups
        on
            published_members.model_id = metric_groups.model_id
            and published_members.period = metric_groups.split
            and published_members.period_from_local = metric_groups.period_from_local
            and published_members.segment = metric_groups.segment
    where metric_groups.is_estimated or published_members.label is not null

),

measured_predictions as (

    select * from of_versions
    union all
    select * from of_all_published
    union all
    select * from of_periods

)

select * from measured_predictions
