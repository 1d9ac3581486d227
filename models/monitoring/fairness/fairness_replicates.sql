{{ config(materialized='ephemeral') }}
{%- set metrics = {
    'selection_rate': ['binary', 'selected', 'n'],
    'true_positive_rate': ['binary', 'selected_positives', 'positives'],
    'false_positive_rate': ['binary', 'selected - selected_positives', 'n - positives'],
    'calibration': ['binary', 'errors', 'n'],
    'error_rate': ['binary', 'selected + positives - 2 * selected_positives', 'n'],
    'absolute_error': ['regression', 'absolute_errors', 'n'],
    'bias': ['regression', 'errors', 'n'],
    'loss': [none, 'losses', 'n'],
} %}

with

fairness_days as (

    select * from {{ ref('fairness_days') }}

),

resampled_days as (

    select * from {{ ref('resampled_days') }}

),

-- On fewer examples, days do not differ enough to say how much is accident.
measured_groups as (

    select
        problem,
        task,
        model_id,
        split,
        segment,
        sum(n) as examples,
        count(*) as days,
        {{ can_be_judged('sum(n)', """case
                when task = 'regression' then sum(n)
                else least(sum(positives), sum(n) - sum(positives))
            end""") }} as is_judged
    from fairness_days
    group by problem, task, model_id, split, segment

),

-- Replicate 0 is what happened: every day once.
draws as (

    select
        replicate,
        resampling_day,
        times_drawn
    from resampled_days
    where times_drawn > 0
    union all
    select distinct
        0 as replicate,
        resampling_day,
        1 as times_drawn
    from fairness_days

),

drawn_sums as (

    select
        fairness_days.model_id,
        fairness_days.problem,
        fairness_days.split,
        fairness_days.segment,
        draws.replicate,
        cast(sum(draws.times_drawn * fairness_days.n) as bigint) as n,
        cast(sum(draws.times_drawn * fairness_days.selected) as bigint) as selected,
        cast(sum(draws.times_drawn * fairness_days.positives) as bigint) as positives,
        cast(sum(draws.times_drawn * fairness_days.selected_positives) as bigint)
            as selected_positives,
        {{ exact_sum('draws.times_drawn * fairness_days.errors') }} as errors,
        {{ exact_sum('draws.times_drawn * fairness_days.absolute_errors') }}
            as absolute_errors,
        {{ exact_sum('draws.times_drawn * fairness_days.losses') }} as losses
    from fairness_days
    inner join draws on fairness_days.resampling_day = draws.resampling_day
    group by
        fairness_days.model_id,
        fairness_days.problem,
        fairness_days.split,
        fairness_days.segment,
        draws.replicate

),

by_metric as (
    {% for metric, (task, numerator, denominator) in metrics.items() %}
        select
            problem,
            model_id,
            split,
            segment,
            '{{ metric }}' as metric,
            {{ literal(task) }} as task,
            replicate,
            ({{ numerator }}) / nullif({{ denominator }}, 0) as value
        from drawn_sums
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- A group for which a rate cannot be formed, such as that of the true positives of a
-- group without any, has no row for it.
fairness_replicates as (

    select
        measured_groups.problem,
        measured_groups.model_id,
        measured_groups.split,
        substr(by_metric.segment, 1, strpos(by_metric.segment, '=') - 1)
            as group_column,
        measured_groups.segment,
        by_metric.metric,
        by_metric.replicate,
        by_metric.value,
        cast(measured_groups.examples as bigint) as n,
        measured_groups.days,
        measured_groups.is_judged
    from by_metric
    inner join measured_groups
        on
            by_metric.problem = measured_groups.problem
            and by_metric.model_id = measured_groups.model_id
            and by_metric.split = measured_groups.split
            and by_metric.segment = measured_groups.segment
            and measured_groups.task = coalesce(by_metric.task, measured_groups.task)
    where by_metric.value is not null

)

select * from fairness_replicates
order by problem, model_id, split, segment, metric, replicate
