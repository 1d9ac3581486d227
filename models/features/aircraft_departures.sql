with

aircraft_departure_events as (

    select * from {{ ref('aircraft_departure_events') }}

),

aircraft_departures as (

    {{ running_totals('aircraft_departure_events', ['tail_number'], 'departures', [
        'departure_delay_minutes',
        'late_departures',
    ]) }}

)

select * from aircraft_departures
