with

flights_at_prediction as (

    select * from {{ ref('flights_at_prediction') }}

),

known_labels as (

    {{ labels_at_clock(
        'arrival_delay_minutes_labels', ['flight_id', 'prediction_at']
    ) }}

),

arrival_delay_minutes_dataset as (

    select
        flights_at_prediction.*,
        known_labels.label,
        known_labels.label_known_at
    from flights_at_prediction
    left join known_labels
        on
            flights_at_prediction.flight_id = known_labels.flight_id
            and flights_at_prediction.prediction_at = known_labels.prediction_at

)

select * from arrival_delay_minutes_dataset
