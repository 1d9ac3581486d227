with

published_periods as (

    select * from {{ ref('published_periods') }}

),

metric_intervals as (

    select * from {{ ref('metric_intervals') }}

),

gate_metrics as (

    select * from {{ ref('metrics') }}
    where split = 'gate'

),

performance_estimates as (

    select * from {{ ref('performance_estimates') }}
    where labels_pending > 0

),

metrics_of_problems as (

    select distinct
        problem,
        metric
    from metric_intervals

),

-- A row for every period, whether or not one of its labels is known.
realised as (

    select
        published_periods.problem,
        published_periods.model_id,
        published_periods.period,
        published_periods.period_from_local,
        published_periods.segment,
        metrics_of_problems.metric,
        'realised' as kind,
        metric_intervals.value,
        metric_intervals.ci_low,
        metric_intervals.ci_high,
        metric_intervals.baseline_value,
        published_periods.predictions,
        published_periods.labels_known,
        published_periods.labels_pending,
        published_periods.labels_ruled_out
    from published_periods
    inner join metrics_of_problems
        on published_periods.problem = metrics_of_problems.problem
    left join metric_intervals
        on
            published_periods.model_id = metric_intervals.model_id
            and published_periods.period = metric_intervals.split
            and published_periods.period_from_local = metric_intervals.period_from_local
            and published_periods.segment = metric_intervals.segment
            and metrics_of_problems.metric = metric_intervals.metric
            and not metric_intervals.is_estimated

),

-- A naive forecast beside an estimate would say nothing: where the probabilities are
-- taken to be right, no other forecast can be better.
estimated as (

    select
        problem,
        model_id,
        period,
        period_from_local,
        segment,
        metric,
        'estimated' as kind,
        estimated_value as value,
        cast(null as double) as ci_low,
        cast(null as double) as ci_high,
        cast(null as double) as baseline_value,
        predictions,
        labels_known,
        labels_pending,
        labels_ruled_out
    from performance_estimates

),

figures as (

    select * from realised
    union all
    select * from estimated

),

performance as (

    select
        figures.problem,
        figures.model_id,
        figures.period,
        figures.period_from_local,
        figures.segment,
        figures.metric,
        figures.kind,
        figures.value,
        figures.ci_low,
        figures.ci_high,
        figures.baseline_value,
        gate_metrics.value as gate_value,
        figures.predictions,
        figures.labels_known,
        figures.labels_pending,
        figures.labels_ruled_out
    from figures
    left join gate_metrics
        on
            figures.model_id = gate_metrics.model_id
            and figures.segment = gate_metrics.segment
            and figures.metric = gate_metrics.metric

)

select * from performance
order by problem, model_id, period, period_from_local, segment, metric, kind
