{{ config(materialized='ephemeral') }}

with

regression_days as (

    select * from {{ ref('regression_days') }}
    where scorer = 'model'

),

regression_values as (

    select * from {{ ref('regression_values') }}
    where scorer = 'model'

),

days as (

    select
        regression_days.*,
        regression_values.n as all_n,
        regression_values.squared_errors as all_squared_errors,
        regression_values.squared_deviations as all_squared_deviations,
        regression_values.mae,
        regression_values.rmse,
        regression_values.pinball,
        regression_values.coverage,
        regression_values.interval_width,
        regression_days.squared_labels
        - 2 * regression_values.mean_label * regression_days.labels
        + regression_days.n * regression_values.mean_label
        * regression_values.mean_label as squared_deviations
    from regression_days
    inner join regression_values
        on regression_days.group_number = regression_values.group_number

),

-- How much each metric moves when a day is drawn once more: its first derivative in the
-- weight of the day. The influences of all days sum to zero.
regression_influences as (

    select
        group_number,
        resampling_day,
        (absolute_errors - mae * n) / all_n as mae,
        (squared_errors - rmse * rmse * n) / nullif(2 * rmse * all_n, 0) as rmse,
        (
            all_squared_errors * squared_deviations / all_squared_deviations
            - squared_errors
        ) / all_squared_deviations as r2,
        (pinball_losses - pinball * n) / all_n as pinball,
        (covered - coverage * n) / all_n as coverage,
        (widths - interval_width * n) / all_n as interval_width
    from days

)

select * from regression_influences
