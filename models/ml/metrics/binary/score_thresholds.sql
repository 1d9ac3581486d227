{{ config(materialized='ephemeral') }}

with

measured_predictions as (

    select * from {{ ref('measured_predictions') }}
    where task = 'binary'

),

-- Naive forecasts are few, and counted; a flag sorts faster than a name.
scored as (

    select
        group_number,
        false as is_baseline,
        resampling_day,
        prediction as score,
        cast(1 as double) as n,
        cast(label as double) as positives
    from measured_predictions
    union all
    select
        group_number,
        true as is_baseline,
        null as resampling_day,
        baseline_prediction as score,
        cast(count(*) as double) as n,
        cast(sum(label) as double) as positives
    from measured_predictions
    where not is_estimated
    group by group_number, baseline_prediction

),

totals as (

    select
        group_number,
        is_baseline,
        sum(n) as all_n,
        sum(positives) as all_positives
    from scored
    group by group_number, is_baseline

),

-- Predictions of the same score share one threshold, however many they are.
ranked as (

    select
        *,
        sum(n) over at_or_below as n_at_or_below,
        sum(positives) over at_or_below as positives_at_or_below,
        sum(n) over here as n_here,
        sum(positives) over here as positives_here
    from scored
    window
        at_or_below as (
            partition by group_number, is_baseline
            order by score
            range between unbounded preceding and current row
        ),
        here as (
            partition by group_number, is_baseline
            order by score
            range between current row and current row
        )

),

-- The totals come after the window, which so has fewer columns to sort.
counted as (

    select
        ranked.*,
        totals.all_n,
        totals.all_positives,
        totals.all_n - ranked.n_at_or_below + ranked.n_here as n_at_or_above,
        totals.all_positives - ranked.positives_at_or_below + ranked.positives_here
            as positives_at_or_above,
        {{ equal_count_bin('ranked.n_at_or_below - ranked.n_here', 'totals.all_n') }}
            as bin
    from ranked
    inner join totals
        on
            ranked.group_number = totals.group_number
            and ranked.is_baseline = totals.is_baseline

),

bins as (

    select
        group_number,
        is_baseline,
        bin,
        sign({{ exact_sum('score * n - positives') }}) as bin_sign
    from counted
    group by group_number, is_baseline, bin

),

score_thresholds as (

    select
        counted.group_number,
        case when counted.is_baseline then 'baseline' else 'model' end as scorer,
        counted.resampling_day,
        counted.score,
        counted.n,
        counted.positives,
        -- The share of negatives that a positive here is above; ties count half.
        (
            counted.n_at_or_below - counted.positives_at_or_below
            - (counted.n_here - counted.positives_here) / 2
        ) / nullif(counted.all_n - counted.all_positives, 0) as negatives_below_share,
        -- The share of positives that a negative here is below; ties count half.
        (
            counted.positives_at_or_above - counted.positives_here / 2
        ) / nullif(counted.all_positives, 0) as positives_above_share,
        counted.n_at_or_above,
        counted.positives_at_or_above / counted.n_at_or_above as precision_here,
        bins.bin_sign
    from counted
    inner join bins
        on
            counted.group_number = bins.group_number
            and counted.is_baseline = bins.is_baseline
            and counted.bin = bins.bin

)

select * from score_thresholds
