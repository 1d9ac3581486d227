with

problems as (

    select * from {{ ref('problems') }}

),

evaluations as (

    select * from {{ ref('evaluations') }}

),

published_periods as (

    select * from {{ ref('published_periods') }}

),

-- A version on each of its splits: all examples, and those of each segment.
versions as (

    select distinct
        problem,
        model_id,
        split,
        cast(null as date) as period_from_local,
        unnest(segments) as segment,
        false as is_estimated
    from evaluations

),

-- What was published, whichever version was in force: by month, and up to its end.
published_months as (

    select distinct
        problem,
        period_from_local
    from published_periods
    where period = 'month' and labels_known > 0

),

published as (

    select
        problem,
        'published' as model_id,
        'month' as split,
        period_from_local,
        'all' as segment,
        false as is_estimated
    from published_months
    union all
    select
        problem,
        'published' as model_id,
        'to date' as split,
        period_from_local,
        'all' as segment,
        false as is_estimated
    from published_months

),

-- What a version published in a week or month: as far as labels are known, and as it
-- estimates itself without any.
periods as (

    select
        problem,
        model_id,
        period as split,
        period_from_local,
        segment,
        false as is_estimated
    from published_periods
    where labels_known > 0
    union all
    select
        published_periods.problem,
        published_periods.model_id,
        published_periods.period as split,
        published_periods.period_from_local,
        published_periods.segment,
        true as is_estimated
    from published_periods
    inner join problems on published_periods.problem = problems.problem
    where problems.task = 'binary'

),

all_groups as (

    select * from versions
    union all
    select * from published
    union all
    select * from periods

),

metric_groups as (

    select
        row_number() over (
            order by
                all_groups.problem,
                all_groups.model_id,
                all_groups.split,
                all_groups.period_from_local,
                all_groups.segment,
                all_groups.is_estimated
        ) as group_number,
        all_groups.problem,
        problems.task,
        (1 - problems.coverage) / 2 as tail,
        all_groups.model_id,
        all_groups.split,
        all_groups.period_from_local,
        all_groups.segment,
        all_groups.is_estimated
    from all_groups
    inner join problems on all_groups.problem = problems.problem

)

select * from metric_groups
