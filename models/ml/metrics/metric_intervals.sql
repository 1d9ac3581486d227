{%- set metrics = [
    'roc_auc',
    'average_precision',
    'accuracy',
    'f1',
    'log_loss',
    'brier',
    'calibration_error',
] %}

with

metric_values as (

    select * from {{ ref('metric_values') }}

),

metric_influences as (

    select * from {{ ref('metric_influences') }}

),

metric_groups as (

    select * from {{ ref('metric_groups') }}

),

resampled_days as (

    select * from {{ ref('resampled_days') }}

),

shifts as (

    select
        metric_influences.group_number,
        resampled_days.replicate,
        {% for metric in metrics -%}
            {{ exact_sum(
                'resampled_days.times_drawn * metric_influences.' ~ metric
            ) }} as {{ metric }},
        {% endfor -%}
        count(*) as days
    from metric_influences
    inner join resampled_days
        on metric_influences.resampling_day = resampled_days.resampling_day
    group by
        metric_influences.group_number,
        resampled_days.replicate

),

bounds as (

    select
        {% for metric in metrics -%}
            percentile_cont(0.025) within group (order by {{ metric }})
                as {{ metric }}_low,
            percentile_cont(0.975) within group (order by {{ metric }})
                as {{ metric }}_high,
        {% endfor -%}
        group_number
    from shifts
    group by group_number
    having max(days) >= 2  -- one day says nothing of how days differ

),

by_metric as (

    {% for metric in metrics %}
        select
            models.group_number,
            '{{ metric }}' as metric,
            models.{{ metric }} as value,
            models.{{ metric }} + bounds.{{ metric }}_low as ci_low,
            models.{{ metric }} + bounds.{{ metric }}_high as ci_high,
            baselines.{{ metric }} as baseline_value,
            cast(models.n as bigint) as n
        from metric_values as models
        inner join metric_values as baselines
            on models.group_number = baselines.group_number
        left join bounds
            on models.group_number = bounds.group_number
        where models.scorer = 'model' and baselines.scorer = 'baseline'
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

metric_intervals as (

    select
        metric_groups.problem,
        metric_groups.model_id,
        metric_groups.split,
        metric_groups.segment,
        by_metric.metric,
        by_metric.value,
        case when by_metric.ci_low < 0 then 0 else by_metric.ci_low end as ci_low,
        case
            when by_metric.metric != 'log_loss' and by_metric.ci_high > 1 then 1
            else by_metric.ci_high
        end as ci_high,
        by_metric.baseline_value,
        by_metric.n
    from by_metric
    inner join metric_groups
        on by_metric.group_number = metric_groups.group_number

)

select * from metric_intervals
order by problem, model_id, split, segment, metric
