{{ config(materialized='ephemeral') }}

with

placed_predictions as (

    select * from {{ ref('placed_predictions') }}
    where scorer = 'model'

),

metric_values as (

    select * from {{ ref('metric_values') }}
    where scorer = 'model'

),

days as (

    select
        problem,
        model_id,
        split,
        segment,
        resampling_day,
        count(*) as n,
        sum(label) as positives,
        coalesce(sum(placement) filter (where label = 1), 0) as placed_positives,
        coalesce(sum(placement) filter (where label = 0), 0) as placed_negatives,
        sum(label * (precision_here + hits_below) - precision_below) as precisions,
        sum(is_hit) as hits,
        sum(is_true_positive) as true_positives,
        sum(log_loss) as log_loss,
        sum((score - label) * (score - label)) as brier,
        sum(bin_sign * (score - label)) as calibration_error
    from placed_predictions
    group by problem, model_id, split, segment, resampling_day

),

-- How much each metric moves when a day is drawn once more: its first derivative in the
-- weight of the day. The influences of all days sum to zero.
metric_influences as (

    select
        days.problem,
        days.model_id,
        days.split,
        days.segment,
        days.resampling_day,
        (days.placed_positives - metric_values.roc_auc * days.positives)
        / nullif(metric_values.positives, 0)
        + (
            days.placed_negatives
            - metric_values.roc_auc * (days.n - days.positives)
        ) / nullif(metric_values.n - metric_values.positives, 0) as roc_auc,
        (days.precisions - metric_values.average_precision * days.positives)
        / nullif(metric_values.positives, 0) as average_precision,
        (days.hits - metric_values.accuracy * days.n) / metric_values.n as accuracy,
        (
            2 * days.true_positives
            - metric_values.f1 * (2 * days.true_positives + days.n - days.hits)
        ) / nullif(metric_values.f1_denominator, 0) as f1,
        (days.log_loss - metric_values.log_loss * days.n)
        / metric_values.n as log_loss,
        (days.brier - metric_values.brier * days.n) / metric_values.n as brier,
        (days.calibration_error - metric_values.calibration_error * days.n)
        / metric_values.n as calibration_error
    from days
    inner join metric_values
        on
            days.problem = metric_values.problem
            and days.model_id = metric_values.model_id
            and days.split = metric_values.split
            and days.segment = metric_values.segment

)

select * from metric_influences
