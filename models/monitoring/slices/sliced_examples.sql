{{ config(materialized='ephemeral') }}

with

clock as (

    select * from {{ ref('clock') }}

),

published_evaluations as (

    select * from {{ ref('published_evaluations') }}

),

slice_columns as (

    select * from {{ ref('slice_columns') }}

),

-- Losses as decimals: each enters a hundred sums.
published_losses as (

    select
        published_evaluations.problem,
        published_evaluations.entity_id,
        published_evaluations.prediction_at,
        published_evaluations.resampling_day,
        {{ exact('published_evaluations.loss') }} as loss,
        {{ exact('published_evaluations.baseline_loss') }} as baseline_loss
    from published_evaluations
    cross join clock
    where
        published_evaluations.label is not null
        and {{ is_sliced('published_evaluations.prediction_at', 'clock.clock_at') }}

),

{% for problem in var('problems') -%}
    {% set columns = sliced_columns(problem) -%}
    bounds_of_{{ problem }} as (

        {{ bounds_of_slices('slice_columns', columns) }}
        where problem = '{{ problem }}'

    ),

    dataset_of_{{ problem }} as (

        select
            *,
            {{ entity_id(problem) }}
        from {{ ref(problem ~ '_dataset') }}

    ),

{% endfor -%}
members as (
    {% for problem in var('problems') %}
        {%- set columns = sliced_columns(problem) %}
        select
            published_losses.*,
            bounds.paired,
            {{ members_of_columns(columns, 'bounds') }} as members
        from published_losses
        inner join dataset_of_{{ problem }} as dataset
            on
                published_losses.entity_id = dataset.entity_id
                and published_losses.prediction_at = dataset.prediction_at
        cross join bounds_of_{{ problem }} as bounds
        where published_losses.problem = '{{ problem }}'
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

sliced_examples as (

    select
        problem,
        entity_id,
        prediction_at,
        resampling_day,
        loss,
        baseline_loss,
        {{ slices('members', 'paired') }} as slices
    from members

)

select * from sliced_examples
