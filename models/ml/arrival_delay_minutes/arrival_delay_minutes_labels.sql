with

flights_at_prediction as (

    select * from {{ ref('flights_at_prediction') }}

),

fct_flight_outcomes as (

    select * from {{ ref('fct_flight_outcomes') }}

),

-- Every flight is an example; cancelled and diverted flights have no label.
arrival_delay_minutes_labels as (

    select
        flights_at_prediction.flight_id,
        flights_at_prediction.prediction_at,
        fct_flight_outcomes.arrival_delay_minutes as label,
        fct_flight_outcomes.known_at as label_known_at
    from flights_at_prediction
    left join fct_flight_outcomes
        on flights_at_prediction.flight_id = fct_flight_outcomes.flight_id

)

select * from arrival_delay_minutes_labels
