with

typed_flights as (

    select * from {{ ref('typed_flights') }}
    where flight_id is not null and arrival_known_at is not null

),

arrival_facts as (

    select
        *,
        arrived_at as event_at,
        arrival_known_at as known_at,
        impossible_arrival_values as impossible_values
    from typed_flights

),

arrivals as (

    {{ fact_versions('arrival_facts', ['flight_id'], [
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
