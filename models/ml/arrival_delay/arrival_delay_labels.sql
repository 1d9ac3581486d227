with

flight_schedule as (

    select
        *,
        {{ dbt.dateadd('hour', -2, 'scheduled_departure_at') }} as prediction_at
    from {{ ref('flight_schedule') }}
    where version = 1

),

fct_flight_outcomes as (

    select * from {{ ref('fct_flight_outcomes') }}

),

-- Every flight whose schedule was known in time is an example; cancelled and diverted
-- flights have no label.
arrival_delay_labels as (

    select
        flight_schedule.flight_id,
        flight_schedule.prediction_at,
        cast(fct_flight_outcomes.is_late as integer) as label,
        fct_flight_outcomes.known_at as label_known_at
    from flight_schedule
    left join fct_flight_outcomes
        on flight_schedule.flight_id = fct_flight_outcomes.flight_id
    where flight_schedule.known_at < flight_schedule.prediction_at

)

select * from arrival_delay_labels
