with

problems as (

    select * from {{ ref('problems') }}

),

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
        unnest(segments) as segment
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

all_groups as (

    select * from versions
    union all
    select * from published

),

metric_groups as (

    select
        row_number() over (
            order by
                all_groups.problem,
                all_groups.model_id,
                all_groups.split,
                all_groups.segment
        ) as group_number,
        all_groups.problem,
        problems.task,
        (1 - problems.coverage) / 2 as tail,
        all_groups.model_id,
        all_groups.split,
        all_groups.segment
    from all_groups
    inner join problems on all_groups.problem = problems.problem

)

select * from metric_groups
