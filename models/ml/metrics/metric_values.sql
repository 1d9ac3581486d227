{{ config(materialized='ephemeral') }}

with

placed_predictions as (

    select * from {{ ref('placed_predictions') }}

),

metric_values as (

    select
        problem,
        model_id,
        split,
        segment,
        scorer,
        count(*) as n,
        sum(label) as positives,
        2 * sum(is_true_positive) + sum(1 - is_hit) as f1_denominator,
        avg(placement) filter (where label = 1) as roc_auc,
        avg(precision_here) filter (where label = 1) as average_precision,
        avg(is_hit) as accuracy,
        2 * sum(is_true_positive)
        / cast(2 * sum(is_true_positive) + sum(1 - is_hit) as double) as f1,
        avg(log_loss) as log_loss,
        avg((score - label) * (score - label)) as brier,
        avg(bin_sign * (score - label)) as calibration_error
    from placed_predictions
    group by problem, model_id, split, segment, scorer

)

select * from metric_values
