with

problems as (

    select * from {{ ref('problems') }}

),

calibration_days as (

    select * from {{ ref('calibration_days') }}

),

sums as (

    select
        row_number() over (order by problem, version, month_local, bin) as group_number,
        problem,
        version,
        month_local,
        bin,
        sum(n) as n,
        min(lowest_prediction) as lowest_prediction,
        max(highest_prediction) as highest_prediction,
        {{ exact_sum('predictions') }} as predictions,
        sum(positives) as positives,
        sum(covered) as covered,
        sum(below) as below,
        sum(above) as above
    from calibration_days
    group by problem, version, month_local, bin

),

-- What may happen to a prediction, and how often it should. An event that the problem
-- does not have has no share.
bins as (

    select
        sums.group_number,
        sums.problem,
        sums.version as model_id,
        sums.month_local,
        cast(sums.bin as integer) as bin,
        sums.lowest_prediction,
        sums.highest_prediction,
        cast(sums.n as double) as n,
        sums.predictions / sums.n as mean_prediction,
        problems.coverage,
        'model' as scorer,
        case when problems.task = 'binary' then sums.positives / sums.n end as positive,
        sums.covered / sums.n as covered,
        sums.below / sums.n as below,
        sums.above / sums.n as above
    from sums
    inner join problems on sums.problem = problems.problem

),

influences as (

    select
        bins.group_number,
        calibration_days.resampling_day,
        (calibration_days.positives - bins.positive * calibration_days.n)
        / bins.n as positive,
        (calibration_days.covered - bins.covered * calibration_days.n)
        / bins.n as covered,
        (calibration_days.below - bins.below * calibration_days.n)
        / bins.n as below,
        (calibration_days.above - bins.above * calibration_days.n)
        / bins.n as above
    from calibration_days
    inner join bins
        on
            calibration_days.problem = bins.problem
            and calibration_days.version = bins.model_id
            and calibration_days.month_local = bins.month_local
            and calibration_days.bin = bins.bin

),

shares as (

    {{ resampled_intervals('bins', 'influences', {
        'positive': [0, 1],
        'covered': [0, 1],
        'below': [0, 1],
        'above': [0, 1],
    }) }}

),

calibration as (

    select
        bins.problem,
        bins.model_id,
        bins.month_local,
        bins.bin,
        bins.lowest_prediction,
        bins.highest_prediction,
        bins.mean_prediction,
        shares.metric as event,
        case shares.metric
            when 'positive' then bins.mean_prediction
            when 'covered' then bins.coverage
            else (1 - bins.coverage) / 2
        end as expected_share,
        shares.value as share,
        -- Days without a difference say nothing of how much a share may differ.
        case when shares.value > 0 and shares.value < 1 then shares.ci_low end
            as ci_low,
        case when shares.value > 0 and shares.value < 1 then shares.ci_high end
            as ci_high,
        shares.n
    from shares
    inner join bins on shares.group_number = bins.group_number
    where shares.value is not null

)

select * from calibration
order by problem, model_id, month_local, bin, event
