with

published_loss_days as (

    select * from {{ ref('published_loss_days') }}

),

gate_examples as (

    select * from {{ ref('evaluations') }}
    where split = 'gate'

),

resampled_days as (

    select * from {{ ref('resampled_days') }}

),

gate_days as (

    select
        model_id,
        resampling_day,
        count(*) as n,
        {{ exact_sum('loss') }} as loss
    from gate_examples
    group by model_id, resampling_day

),

-- The resamples of ml.resampled_days, and the days as they are: number 0.
draws as (

    select
        replicate,
        resampling_day,
        times_drawn
    from resampled_days
    union all
    select distinct
        0 as replicate,
        resampling_day,
        1 as times_drawn
    from resampled_days

),

gate_means as (

    select
        gate_days.model_id,
        draws.replicate,
        count(*) as days,
        {{ exact_sum('draws.times_drawn * gate_days.loss') }}
        / nullif(sum(draws.times_drawn * gate_days.n), 0) as loss
    from gate_days
    inner join draws on gate_days.resampling_day = draws.resampling_day
    group by gate_days.model_id, draws.replicate

),

-- Each prediction beside the mean loss of its version on the gate days.
replicates as (

    select
        published_loss_days.problem,
        published_loss_days.cutoff_at,
        draws.replicate,
        count(distinct published_loss_days.resampling_day) as days,
        min(gate_means.days) as gate_days,
        sum(draws.times_drawn * published_loss_days.n) as n,
        {{ exact_sum('draws.times_drawn * published_loss_days.loss') }} as loss,
        {{ exact_sum('draws.times_drawn * published_loss_days.n * gate_means.loss') }}
            as gate_loss
    from published_loss_days
    inner join draws on published_loss_days.resampling_day = draws.resampling_day
    inner join gate_means
        on
            published_loss_days.model_id = gate_means.model_id
            and draws.replicate = gate_means.replicate
    group by published_loss_days.problem, published_loss_days.cutoff_at, draws.replicate

),

intervals as (

    select
        problem,
        cutoff_at,
        percentile_cont(0.025) within group (
            order by loss / nullif(gate_loss, 0)
        ) - 1 as ci_low,
        percentile_cont(0.975) within group (
            order by loss / nullif(gate_loss, 0)
        ) - 1 as ci_high
    from replicates
    where replicate > 0
    group by problem, cutoff_at
    having min(days) >= 2 and min(gate_days) >= 2

),

retrain_losses as (

    select
        replicates.problem,
        replicates.cutoff_at,
        cast(replicates.n as bigint) as n,
        replicates.loss / replicates.n as published_loss,
        replicates.gate_loss / replicates.n as gate_loss,
        replicates.loss / nullif(replicates.gate_loss, 0) - 1 as excess,
        intervals.ci_low,
        intervals.ci_high
    from replicates
    left join intervals
        on
            replicates.problem = intervals.problem
            and replicates.cutoff_at = intervals.cutoff_at
    where replicates.replicate = 0

)

select * from retrain_losses
order by problem, cutoff_at
