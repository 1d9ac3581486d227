with

published_periods as (

    select * from {{ ref('published_periods') }}

),

measured_periods as (

    select * from {{ ref('metric_intervals') }}
    where model_id <> 'published' and period_from_local is not null

),

-- That the probabilities are right is what an estimate rests on: it cannot say by how
-- much they are wrong.
estimated as (

    select * from measured_periods
    where is_estimated and metric <> 'calibration_error'

),

realised as (

    select * from measured_periods
    where not is_estimated

),

gate_metrics as (

    select * from {{ ref('metrics') }}
    where split = 'gate'

),

-- The labels that come first are not like those that come later: an estimate is held to
-- what happened when no label is pending.
performance_estimates as (

    select
        estimated.problem,
        estimated.model_id,
        published_periods.period,
        estimated.period_from_local,
        estimated.segment,
        estimated.metric,
        estimated.value as estimated_value,
        realised.value as realised_value,
        realised.ci_low as realised_ci_low,
        realised.ci_high as realised_ci_high,
        case
            when published_periods.labels_pending = 0
                then estimated.value - realised.value
        end as error,
        gate_metrics.value as gate_value,
        published_periods.predictions,
        published_periods.labels_known,
        published_periods.labels_pending,
        published_periods.labels_ruled_out
    from estimated
    inner join published_periods
        on
            estimated.model_id = published_periods.model_id
            and estimated.split = published_periods.period
            and estimated.period_from_local = published_periods.period_from_local
            and estimated.segment = published_periods.segment
    left join realised
        on
            estimated.model_id = realised.model_id
            and estimated.split = realised.split
            and estimated.period_from_local = realised.period_from_local
            and estimated.segment = realised.segment
            and estimated.metric = realised.metric
    left join gate_metrics
        on
            estimated.model_id = gate_metrics.model_id
            and estimated.segment = gate_metrics.segment
            and estimated.metric = gate_metrics.metric

)

select * from performance_estimates
order by problem, model_id, period, period_from_local, segment, metric
