{{ config(materialized='ephemeral') }}

with

departure_events as (

    select * from {{ ref('departure_events') }}

),

aircraft_assignments as (

    select * from {{ ref('aircraft_assignments') }}
    where version = 1

),

aircraft_departure_events as (

    select
        departure_events.flight_id,
        aircraft_assignments.tail_number,
        departure_events.event_at,
        {{ later_of('departure_events.known_at', 'aircraft_assignments.known_at') }}
            as known_at,
        departure_events.departure_delay_minutes,
        departure_events.late_departures
    from departure_events
    inner join aircraft_assignments
        on departure_events.flight_id = aircraft_assignments.flight_id

)

select * from aircraft_departure_events
