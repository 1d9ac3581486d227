{{ config(materialized='view') }}

with

arrival_delay_predictions as (

    select * from {{ ref('arrival_delay_predictions') }}

),

arrival_delay_dataset as (

    select * from {{ ref('arrival_delay_dataset') }}

),

predictions as (

    select
        'arrival_delay' as problem,
        arrival_delay_predictions.flight_id as entity_id,
        arrival_delay_predictions.prediction_at,
        arrival_delay_predictions.model_id,
        arrival_delay_predictions.prediction,
        arrival_delay_predictions.lower,
        arrival_delay_predictions.upper,
        arrival_delay_dataset.label,
        arrival_delay_dataset.label_known_at
    from arrival_delay_predictions
    left join arrival_delay_dataset
        on
            arrival_delay_predictions.flight_id = arrival_delay_dataset.flight_id
            and arrival_delay_predictions.prediction_at
            = arrival_delay_dataset.prediction_at

)

select * from predictions
