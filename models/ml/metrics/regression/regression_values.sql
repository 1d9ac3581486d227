{{ config(materialized='ephemeral') }}

with

regression_days as (

    select * from {{ ref('regression_days') }}

),

sums as (

    select
        group_number,
        scorer,
        cast(sum(n) as double) as n,
        {{ exact_sum('labels') }} as labels,
        {{ exact_sum('squared_labels') }} as squared_labels,
        {{ exact_sum('absolute_errors') }} as absolute_errors,
        {{ exact_sum('squared_errors') }} as squared_errors,
        {{ exact_sum('pinball_losses') }} as pinball_losses,
        sum(covered) as covered,
        {{ exact_sum('widths') }} as widths
    from regression_days
    group by group_number, scorer

),

deviations as (

    select
        *,
        labels / n as mean_label,
        nullif(squared_labels - labels * labels / n, 0) as squared_deviations
    from sums

),

regression_values as (

    select
        group_number,
        scorer,
        n,
        mean_label,
        squared_errors,
        squared_deviations,
        absolute_errors / n as mae,
        sqrt(squared_errors / n) as rmse,
        1 - squared_errors / squared_deviations as r2,
        pinball_losses / n as pinball,
        covered / n as coverage,
        widths / n as interval_width
    from deviations

)

select * from regression_values
