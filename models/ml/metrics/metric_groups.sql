with

evaluations as (

    select * from {{ ref('evaluations') }}

),

published_evaluations as (

    select * from {{ ref('published_evaluations') }}

),

-- A version on each of its splits: all examples, and those of each segment.
versions as (

    select distinct
        problem,
        model_id,
        split,
        'all' as segment
    from evaluations
    union all
    select distinct
        problem,
        model_id,
        split,
        first_segment as segment
    from evaluations
    union all
    select distinct
        problem,
        model_id,
        split,
        second_segment as segment
    from evaluations

),

-- What was published, whichever version was in force: by month, and up to its end.
published as (

    select distinct
        problem,
        'published' as model_id,
        'month' as split,
        month_local as segment
    from published_evaluations
    union all
    select distinct
        problem,
        'published' as model_id,
        'to date' as split,
        month_local as segment
    from published_evaluations

),

groups as (

    select * from versions
    union all
    select * from published

),

metric_groups as (

    select
        row_number() over (
            order by problem, model_id, split, segment
        ) as group_number,
        problem,
        model_id,
        split,
        segment
    from groups

)

select * from metric_groups
