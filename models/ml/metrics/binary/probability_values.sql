{{ config(materialized='ephemeral') }}

with

score_thresholds as (

    select * from {{ ref('score_thresholds') }}

),

sums as (

    select
        group_number,
        scorer,
        sum(n) as n,
        sum(positives) as positives,
        {{ exact_sum('positives * negatives_below_share') }} as negatives_below,
        {{ exact_sum('positives * precision_here') }} as precisions,
        sum(positives) filter (where score >= 0.5) as true_positives,
        sum(n - positives) filter (where score >= 0.5) as false_positives,
        {{ exact_sum(
            'positives * ' ~ log_loss('score', 1)
            ~ ' + (n - positives) * ' ~ log_loss('score', 0)
        ) }} as log_loss,
        {{ exact_sum(
            'positives * (1 - score) * (1 - score) + (n - positives) * score * score'
        ) }} as brier,
        {{ exact_sum('bin_sign * (score * n - positives)') }} as calibration_error
    from score_thresholds
    group by group_number, scorer

),

hits_and_misses as (

    select
        *,
        coalesce(true_positives, 0) as hits,
        coalesce(false_positives, 0) as false_alarms,
        positives - coalesce(true_positives, 0) as misses
    from sums

),

probability_values as (

    select
        group_number,
        scorer,
        n,
        positives,
        negatives_below / nullif(positives, 0) as roc_auc,
        precisions / nullif(positives, 0) as average_precision,
        (n - false_alarms - misses) / n as accuracy,
        2 * hits + false_alarms + misses as f1_denominator,
        2 * hits / nullif(2 * hits + false_alarms + misses, 0) as f1,
        log_loss / n as log_loss,
        brier / n as brier,
        calibration_error / n as calibration_error
    from hits_and_misses

)

select * from probability_values
