{#-
    One row per measured group and metric, with its interval: days are resampled
    (ml.resampled_days), and a metric moves by the influences of the days drawn.

    values: relation with group_number, scorer (model or baseline), n and the metrics; a
        group without a baseline has none.
    influences: relation with group_number, resampling_day and the metrics; a group that is
        not in it has no interval.
    metrics: metric -> [smallest, largest value it can have], none for no limit.
-#}
{% macro resampled_intervals(values, influences, metrics) -%}
    with influences as (
        select
            group_number,
            resampling_day,
            {% for metric in metrics -%}
            {{ exactly_summable(metric, 'group_number') }} as {{ metric }}
            {{- ',' if not loop.last }}
            {% endfor -%}
        from {{ influences }}
    ),

    shifts as (
        select
            influences.group_number,
            resampled_days.replicate,
            {% for metric in metrics -%}
            sum(resampled_days.times_drawn * influences.{{ metric }}) as {{ metric }},
            {% endfor -%}
            count(*) as days
        from influences
        inner join {{ ref('resampled_days') }} as resampled_days
            on influences.resampling_day = resampled_days.resampling_day
        group by influences.group_number, resampled_days.replicate
    ),

    bounds as (
        select
            {% for metric in metrics -%}
            percentile_cont(0.025) within group (order by {{ metric }}) as {{ metric }}_low,
            percentile_cont(0.975) within group (order by {{ metric }}) as {{ metric }}_high,
            {% endfor -%}
            group_number
        from shifts
        group by group_number
        having max(days) >= 2  -- one day says nothing of how days differ
    )
    {% for metric, limits in metrics.items() %}
    select
        models.group_number,
        '{{ metric }}' as metric,
        models.{{ metric }} as value,
        {{ limited('models.' ~ metric ~ ' + bounds.' ~ metric ~ '_low', limits) }} as ci_low,
        {{ limited('models.' ~ metric ~ ' + bounds.' ~ metric ~ '_high', limits) }} as ci_high,
        baselines.{{ metric }} as baseline_value,
        cast(models.n as bigint) as n
    from {{ values }} as models
    left join {{ values }} as baselines
        on
            models.group_number = baselines.group_number
            and baselines.scorer = 'baseline'
    left join bounds
        on models.group_number = bounds.group_number
    where models.scorer = 'model'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- A value, or the limit that it went past; null stays null. -#}
{% macro limited(value, limits) -%}
    {%- if limits == [none, none] -%}
        {{ value }}
    {%- else -%}
    case
            {%- if limits[0] is not none %}
            when {{ value }} < {{ limits[0] }} then {{ limits[0] }}
            {%- endif %}
            {%- if limits[1] is not none %}
            when {{ value }} > {{ limits[1] }} then {{ limits[1] }}
            {%- endif %}
            else {{ value }}
        end
    {%- endif -%}
{%- endmacro %}
