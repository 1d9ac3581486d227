with

problems as (

    select * from {{ ref('problems') }}

),

gate_examples as (

    select * from {{ ref('evaluations') }}
    where split = 'gate'

),

published_evaluations as (

    select * from {{ ref('published_evaluations') }}

),

decision_thresholds as (

    select * from {{ ref('decision_thresholds') }}

),

-- Each version on its gate days, and what was published, whichever version made it.
measured as (

    select
        model_id as measured_id,
        split,
        problem,
        model_id,
        resampling_day,
        segments,
        prediction,
        label,
        loss
    from gate_examples
    union all
    select
        'published' as measured_id,
        'to date' as split,
        problem,
        model_id,
        resampling_day,
        segments,
        prediction,
        label,
        loss
    from published_evaluations
    where label is not null

),

decided as (

    select
        measured.*,
        problems.task,
        cast(measured.prediction >= decision_thresholds.threshold as integer)
            as is_selected
    from measured
    inner join problems on measured.problem = problems.problem
    left join decision_thresholds
        on measured.model_id = decision_thresholds.model_id

),

-- Examples of the same groups are summed before they are counted in each of these.
combinations as (

    select
        problem,
        task,
        measured_id as model_id,
        split,
        segments,
        resampling_day,
        count(*) as n,
        sum(is_selected) as selected,
        count(*) filter (where label = 1) as positives,
        sum(is_selected * cast(label = 1 as integer)) as selected_positives,
        {{ exact_sum('prediction - label') }} as errors,
        {{ exact_sum('abs(prediction - label)') }} as absolute_errors,
        {{ exact_sum('loss') }} as losses
    from decided
    group by problem, task, measured_id, split, segments, resampling_day

),

members as (

    select
        *,
        unnest(segments) as segment
    from combinations

),

fairness_days as (

    select
        problem,
        task,
        model_id,
        split,
        segment,
        resampling_day,
        cast(sum(n) as bigint) as n,
        cast(sum(selected) as bigint) as selected,
        cast(case when task = 'binary' then sum(positives) end as bigint) as positives,
        cast(case when task = 'binary' then sum(selected_positives) end as bigint)
            as selected_positives,
        {{ exact_sum('errors') }} as errors,
        {{ exact_sum('absolute_errors') }} as absolute_errors,
        {{ exact_sum('losses') }} as losses
    from members
    where segment <> 'all'
    group by problem, task, model_id, split, segment, resampling_day

)

select * from fairness_days
order by problem, model_id, split, segment, resampling_day
