with

typed_flights as (

    select * from {{ ref('typed_flights') }}
    where is_usable and arrived_at is not null

),

arrival_facts as (

    select
        *,
        arrived_at as event_at,
        arrived_at as known_at,
        impossible_arrival as impossible_values
    from typed_flights

),

arrivals as (

    {{ known_versions('arrival_facts', ['flight_id'], [
        'carrier',
        'flight_number',
        'origin',
        'destination',
        'event_at',
        'arrival_delay_minutes',
        'air_time_minutes',
        'impossible_values',
    ]) }}

)

select * from arrivals
