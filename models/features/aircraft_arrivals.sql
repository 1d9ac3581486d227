with

arrival_events as (

    select * from {{ ref('arrival_events') }}

),

aircraft_assignments as (

    select * from {{ ref('aircraft_assignments') }}
    where version = 1

),

arrivals_by_aircraft as (

    select
        aircraft_assignments.tail_number,
        {{ later_of('arrival_events.known_at', 'aircraft_assignments.known_at') }}
            as known_at,
        arrival_events.arrival_delay_minutes,
        arrival_events.late_arrivals
    from arrival_events
    inner join aircraft_assignments
        on arrival_events.flight_id = aircraft_assignments.flight_id

),

aircraft_arrivals as (

    {{ running_totals('arrivals_by_aircraft', ['tail_number'], 'arrivals', [
        'arrival_delay_minutes',
        'late_arrivals',
    ]) }}

)

select * from aircraft_arrivals
