{{ config(materialized='view') }}

with

arrival_delay_evaluation as (

    select * from {{ ref('arrival_delay_evaluation') }}

),

evaluations as (

    select
        'arrival_delay' as problem,
        model_id,
        split,
        flight_id as entity_id,
        prediction_at,
        resampling_day,
        'origin=' || origin as first_segment,
        'carrier=' || carrier as second_segment,
        prediction,
        baseline_prediction,
        label
    from arrival_delay_evaluation

)

select * from evaluations
