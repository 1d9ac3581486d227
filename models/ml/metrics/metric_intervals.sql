with

metric_groups as (

    select * from {{ ref('metric_groups') }}

),

of_probabilities as (

    {{ resampled_intervals(ref('probability_values'), ref('probability_influences'), {
        'roc_auc': [0, 1],
        'average_precision': [0, 1],
        'accuracy': [0, 1],
        'f1': [0, 1],
        'log_loss': [0, none],
        'brier': [0, 1],
        'calibration_error': [0, 1],
    }) }}

),

of_regressions as (

    {{ resampled_intervals(ref('regression_values'), ref('regression_influences'), {
        'mae': [0, none],
        'rmse': [0, none],
        'r2': [none, 1],
        'pinball': [0, none],
        'coverage': [0, 1],
        'interval_width': [0, none],
    }) }}

),

by_metric as (

    select * from of_probabilities
    union all
    select * from of_regressions

),

metric_intervals as (

    select
        metric_groups.problem,
        metric_groups.model_id,
        metric_groups.split,
        metric_groups.period_from_local,
        metric_groups.segment,
        metric_groups.is_estimated,
        by_metric.metric,
        by_metric.value,
        by_metric.ci_low,
        by_metric.ci_high,
        by_metric.baseline_value,
        by_metric.n
    from by_metric
    inner join metric_groups
        on by_metric.group_number = metric_groups.group_number

)

select * from metric_intervals
order by
    problem, model_id, split, period_from_local, segment, is_estimated, metric
