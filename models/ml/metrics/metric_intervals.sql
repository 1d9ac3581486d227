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

resampled_days as (

    select * from {{ ref('resampled_days') }}

),

shifts as (

    select
        metric_influences.problem,
        metric_influences.model_id,
        metric_influences.split,
        metric_influences.segment,
        resampled_days.replicate
        {%- for metric in metrics %},
            sum(resampled_days.times_drawn * metric_influences.{{ metric }})
                as {{ metric }}
        {%- endfor %}
    from metric_influences
    inner join resampled_days
        on metric_influences.resampling_day = resampled_days.resampling_day
    group by
        metric_influences.problem,
        metric_influences.model_id,
        metric_influences.split,
        metric_influences.segment,
        resampled_days.replicate

),

bounds as (

    select
        problem,
        model_id,
        split,
        segment
        {%- for metric in metrics %},
            percentile_cont(0.025) within group (order by {{ metric }})
                as {{ metric }}_low,
            percentile_cont(0.975) within group (order by {{ metric }})
                as {{ metric }}_high
        {%- endfor %}
    from shifts
    group by problem, model_id, split, segment

),

metric_intervals as (

    {% for metric in metrics %}
        select
            models.problem,
            models.model_id,
            models.split,
            models.segment,
            '{{ metric }}' as metric,
            models.{{ metric }} as value,
            models.{{ metric }} + bounds.{{ metric }}_low as ci_low,
            models.{{ metric }} + bounds.{{ metric }}_high as ci_high,
            baselines.{{ metric }} as baseline_value,
            models.n
        from metric_values as models
        inner join metric_values as baselines
            on
                models.problem = baselines.problem
                and models.model_id = baselines.model_id
                and models.split = baselines.split
                and models.segment = baselines.segment
                and models.scorer = 'model'
                and baselines.scorer = 'baseline'
        inner join bounds
            on
                models.problem = bounds.problem
                and models.model_id = bounds.model_id
                and models.split = bounds.split
                and models.segment = bounds.segment
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from metric_intervals
order by problem, model_id, split, segment, metric
