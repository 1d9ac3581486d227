with

typed_flights as (

    select * from {{ ref('typed_flights') }}
    where flight_id is not null and departure_known_at is not null

),

departure_facts as (

    select
        *,
        departed_at as event_at,
        departure_known_at as known_at,
        impossible_departure_values as impossible_values
    from typed_flights

),

departures as (

    {{ fact_versions('departure_facts', ['flight_id'], [
        'carrier',
        'flight_number',
        'origin',
        'destination',
        'event_at',
        'departure_delay_minutes',
        'impossible_values',
    ]) }}

)

select * from departures
