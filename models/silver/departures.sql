with

typed_flights as (

    select * from {{ ref('typed_flights') }}
    where is_usable and departed_at is not null

),

departure_facts as (

    select
        *,
        departed_at as event_at,
        departed_at as known_at,
        impossible_departure as impossible_values
    from typed_flights

),

departures as (

    {{ known_versions('departure_facts', ['flight_id'], [
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
