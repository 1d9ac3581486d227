{{ config(materialized='ephemeral') }}

with

published_evaluations as (

    select * from {{ ref('published_evaluations') }}

),

of_segments as (

    select
        *,
        unnest(segments) as segment
    from published_evaluations

),

published_members as (
    {% for period in ['week', 'month'] %}
        select
            problem,
            model_id,
            '{{ period }}' as period,
            {{ period }}_from_local as period_from_local,
            segment,
            resampling_day,
            prediction,
            lower,
            upper,
            label,
            is_label_pending,
            baseline_prediction,
            baseline_lower,
            baseline_upper
        from of_segments
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from published_members
