{{ config(materialized='ephemeral') }}

with

measured_predictions as (

    select * from {{ ref('measured_predictions') }}
    where task = 'regression'

),

scored as (

    select
        group_number,
        tail,
        resampling_day,
        label,
        'model' as scorer,
        prediction,
        lower,
        upper
    from measured_predictions
    union all
    select
        group_number,
        tail,
        resampling_day,
        label,
        'baseline' as scorer,
        baseline_prediction as prediction,
        baseline_lower as lower,
        baseline_upper as upper
    from measured_predictions

),

regression_days as (

    select
        group_number,
        scorer,
        resampling_day,
        count(*) as n,
        {{ exact_sum('label') }} as labels,
        {{ exact_sum('label * label') }} as squared_labels,
        {{ exact_sum('abs(prediction - label)') }} as absolute_errors,
        {{ exact_sum('(prediction - label) * (prediction - label)') }}
            as squared_errors,
        {{ exact_sum(
            interval_pinball('lower', 'prediction', 'upper', 'label', 'tail')
        ) }} as pinball_losses,
        sum(cast(label >= lower and label <= upper as integer)) as covered,
        {{ exact_sum('upper - lower') }} as widths
    from scored
    group by group_number, scorer, resampling_day

)

select * from regression_days
