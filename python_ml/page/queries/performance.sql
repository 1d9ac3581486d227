-- What was published, week by week, beside the naive forecast.
select
    performance.problem,
    performance.metric,
    performance.kind,
    performance.model_id,
    strftime(performance.period_from_local, '%Y-%m-%d') as week,
    performance.value,
    performance.ci_low,
    performance.ci_high,
    performance.baseline_value,
    performance.gate_value,
    performance.labels_known,
    performance.labels_pending
from monitoring.performance as performance
where
    performance.period = 'week'
    and performance.segment = 'all'
    and performance.value is not null
    -- A week in which versions change has a few examples of one of them.
    and performance.predictions >= 500
order by performance.problem, performance.metric, performance.kind, week
