with

drift_weeks as (

    select * from {{ ref('drift_weeks') }}

),

drift_counts as (

    select * from {{ ref('drift_counts') }}

),

-- What is counted week by week. Numbers stand for names in the long steps below, which
-- have little to sort and to keep.
series as (

    select
        row_number() over (order by problem, model_id, feature) as series_number,
        problem,
        model_id,
        feature,
        is_category
    from drift_counts
    group by problem, model_id, feature, is_category

),

numbered_counts as not materialized (

    select
        series.series_number,
        drift_counts.week_from_at,
        drift_counts.cell,
        drift_counts.category,
        drift_counts.n
    from drift_counts
    inner join series
        on
            drift_counts.problem = series.problem
            and drift_counts.model_id = series.model_id
            and drift_counts.feature = series.feature

),

-- How many numbers of the week are as small as each of them.
ranked_counts as materialized (

    select
        series_number,
        week_from_at,
        cell,
        n,
        cast(sum(n) over (
            partition by series_number, week_from_at
            order by cell
        ) as bigint) as n_to
    from numbered_counts
    where cell is not null

),

week_totals as (

    select
        series_number,
        week_from_at,
        max(n_to) as week_n
    from ranked_counts
    group by series_number, week_from_at

),

-- A row for each version that a week of a series is compared for.
watched_weeks as (

    select
        dense_rank() over (order by drift_weeks.model_id, series.feature)
            as watch_number,
        series.series_number,
        drift_weeks.problem,
        drift_weeks.model_id,
        series.feature,
        series.is_category,
        drift_weeks.week_from_at,
        drift_weeks.is_reference,
        week_totals.week_n,
        sum(case when drift_weeks.is_reference then week_totals.week_n end)
            over (partition by drift_weeks.model_id, series.feature) as reference_n
    from drift_weeks
    inner join series
        on
            drift_weeks.problem = series.problem
            and drift_weeks.is_of_features = (series.model_id = '')
            and series.model_id in ('', drift_weeks.model_id)
    left join week_totals
        on
            series.series_number = week_totals.series_number
            and drift_weeks.week_from_at = week_totals.week_from_at

),

-- Long, and not kept.
counted as not materialized (

    select
        watched_weeks.watch_number,
        watched_weeks.week_from_at,
        watched_weeks.is_reference,
        watched_weeks.week_n,
        watched_weeks.reference_n,
        ranked_counts.cell,
        ranked_counts.n,
        ranked_counts.n_to
    from watched_weeks
    inner join ranked_counts
        on
            watched_weeks.series_number = ranked_counts.series_number
            and watched_weeks.week_from_at = ranked_counts.week_from_at

),

cells as (

    select
        watch_number,
        cell,
        cast(sum(case when is_reference then n else 0 end) as bigint) as n
    from counted
    group by watch_number, cell

),

-- How many numbers of the reference are as small.
ranked_cells as (

    select
        *,
        cast(sum(n) over (partition by watch_number order by cell) as bigint) as n_to
    from cells

),

-- A week of the reference is compared with the others.
beside_others as (

    select
        counted.watch_number,
        counted.week_from_at,
        counted.week_n,
        counted.n,
        counted.n_to,
        ranked_cells.n_to - case when counted.is_reference then counted.n_to else 0 end
            as others_to,
        ranked_cells.n - case when counted.is_reference then counted.n else 0 end
            as others_at,
        nullif(
            counted.reference_n
            - case when counted.is_reference then counted.week_n else 0 end,
            0
        ) as others_n,
        (ranked_cells.n_to - ranked_cells.n) / nullif(counted.reference_n, 0)
            as reference_share_below
    from counted
    inner join ranked_cells
        on
            counted.watch_number = ranked_cells.watch_number
            and counted.cell = ranked_cells.cell

),

tenths as (

    select
        watch_number,
        week_from_at,
        case
            when reference_share_below < 0.9
                then cast(floor(10 * reference_share_below) as integer)
            else 9
        end as tenth,
        sum(n) as n,
        max(n_to / week_n - others_to / others_n) as greatest_above,
        max((others_to - others_at) / others_n - (n_to - n) / week_n) as greatest_below
    from beside_others
    group by all

),

bins as (

    select
        watch_number,
        week_from_at,
        'tenth ' || tenth as bin,
        cast(n as bigint) as n,
        greatest_above,
        greatest_below
    from tenths
    union all
    select
        watched_weeks.watch_number,
        watched_weeks.week_from_at,
        nullif(numbered_counts.category, '') as bin,
        numbered_counts.n,
        cast(null as double) as greatest_above,
        cast(null as double) as greatest_below
    from numbered_counts
    inner join watched_weeks
        on
            numbered_counts.series_number = watched_weeks.series_number
            and numbered_counts.week_from_at = watched_weeks.week_from_at
    where numbered_counts.cell is null

),

drift_bins as (

    select
        watched_weeks.problem,
        watched_weeks.model_id,
        watched_weeks.feature,
        watched_weeks.is_category,
        watched_weeks.week_from_at,
        watched_weeks.is_reference,
        bins.bin,
        bins.n,
        bins.greatest_above,
        bins.greatest_below
    from bins
    inner join watched_weeks
        on
            bins.watch_number = watched_weeks.watch_number
            and bins.week_from_at = watched_weeks.week_from_at

)

select * from drift_bins
order by problem, model_id, feature, week_from_at, bin
