with

drift_weeks as (

    select * from {{ ref('drift_weeks') }}

),

-- How many numbers of the week are as small as each of them.
ranked_counts as materialized (

    select
        *,
        sum(n) over (
            partition by problem, model_id, feature, week_from_at, cell is null
            order by cell
        ) as n_to,
        sum(n) over (
            partition by problem, model_id, feature, week_from_at, cell is null
        ) as week_n
    from {{ ref('drift_counts') }}

),

-- Long: a row for each version that a week is compared for. It is not kept.
counted as not materialized (

    select
        drift_weeks.problem,
        drift_weeks.model_id,
        drift_weeks.week_from_at,
        drift_weeks.is_reference,
        ranked_counts.feature,
        ranked_counts.is_category,
        ranked_counts.cell,
        ranked_counts.category,
        ranked_counts.n,
        ranked_counts.n_to,
        ranked_counts.week_n
    from drift_weeks
    inner join ranked_counts
        on
            drift_weeks.problem = ranked_counts.problem
            and drift_weeks.week_from_at = ranked_counts.week_from_at
            and drift_weeks.is_of_features = (ranked_counts.model_id = '')
            and ranked_counts.model_id in ('', drift_weeks.model_id)

),

cells as (

    select
        model_id,
        feature,
        cell,
        sum(case when is_reference then n else 0 end) as n
    from counted
    where cell is not null
    group by model_id, feature, cell

),

-- How many numbers of the reference are as small.
ranked_cells as (

    select
        *,
        sum(n) over (partition by model_id, feature order by cell) as n_to,
        sum(n) over (partition by model_id, feature) as reference_n
    from cells

),

-- A week of the reference is compared with the others.
beside_others as (

    select
        counted.*,
        ranked_cells.n_to - case when counted.is_reference then counted.n_to else 0 end
            as others_to,
        ranked_cells.n - case when counted.is_reference then counted.n else 0 end
            as others_at,
        nullif(
            ranked_cells.reference_n
            - case when counted.is_reference then counted.week_n else 0 end,
            0
        ) as others_n,
        (ranked_cells.n_to - ranked_cells.n) / nullif(ranked_cells.reference_n, 0)
            as reference_share_below
    from counted
    inner join ranked_cells
        on
            counted.model_id = ranked_cells.model_id
            and counted.feature = ranked_cells.feature
            and counted.cell = ranked_cells.cell

),

tenths as (

    select
        problem,
        model_id,
        feature,
        is_category,
        week_from_at,
        is_reference,
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

drift_bins as (

    select
        problem,
        model_id,
        feature,
        is_category,
        week_from_at,
        is_reference,
        'tenth ' || tenth as bin,
        cast(n as bigint) as n,
        greatest_above,
        greatest_below
    from tenths
    union all
    select
        problem,
        model_id,
        feature,
        is_category,
        week_from_at,
        is_reference,
        nullif(category, '') as bin,
        cast(n as bigint) as n,
        cast(null as double) as greatest_above,
        cast(null as double) as greatest_below
    from counted
    where cell is null

)

select * from drift_bins
order by problem, model_id, feature, week_from_at, bin
