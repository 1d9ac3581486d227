{{ config(materialized='ephemeral') }}

with

measured_predictions as (

    select * from {{ ref('measured_predictions') }}
    where task = 'binary'

),

scored as (

    select
        group_number,
        'model' as scorer,
        prediction as score,
        label
    from measured_predictions
    union all
    select
        group_number,
        'baseline' as scorer,
        baseline_prediction as score,
        label
    from measured_predictions

),

-- Predictions of the same score share one threshold, however many they are.
scores as (

    select
        group_number,
        scorer,
        score,
        cast(count(*) as double) as n,
        cast(sum(label) as double) as positives
    from scored
    group by group_number, scorer, score

),

totals as (

    select
        group_number,
        scorer,
        sum(n) as all_n,
        sum(positives) as all_positives
    from scores
    group by group_number, scorer

),

ranked as (

    select
        scores.*,
        totals.all_n,
        totals.all_positives,
        sum(scores.n) over at_or_below as n_at_or_below,
        sum(scores.positives) over at_or_below as positives_at_or_below
    from scores
    inner join totals
        on
            scores.group_number = totals.group_number
            and scores.scorer = totals.scorer
    window at_or_below as (
        partition by scores.group_number, scores.scorer
        order by scores.score
        rows between unbounded preceding and current row
    )

),

counted as (

    select
        *,
        all_n - n_at_or_below + n as n_at_or_above,
        all_positives - positives_at_or_below + positives as positives_at_or_above,
        floor(10 * (n_at_or_below - n) / all_n) as bin
    from ranked

),

score_thresholds as (

    select
        group_number,
        scorer,
        score,
        n,
        positives,
        -- The share of negatives that a positive here is above; ties count half.
        (
            n_at_or_below - positives_at_or_below - (n - positives) / 2
        ) / nullif(all_n - all_positives, 0) as negatives_below_share,
        -- The share of positives that a negative here is below; ties count half.
        (
            positives_at_or_above - positives / 2
        ) / nullif(all_positives, 0) as positives_above_share,
        positives_at_or_above / n_at_or_above as precision_here,
        sum(positives / n_at_or_above) over at_or_below as hits_below,
        sum(
            positives * positives_at_or_above / (n_at_or_above * n_at_or_above)
        ) over at_or_below as precision_below,
        sign(
            sum(cast(score * n - positives as decimal(38, 18))) over same_bin
        ) as bin_sign
    from counted
    window
        at_or_below as (
            partition by group_number, scorer
            order by score
            rows between unbounded preceding and current row
        ),
        same_bin as (
            partition by group_number, scorer, bin
        )

)

select * from score_thresholds
