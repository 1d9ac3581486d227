with

typed_flights as (

    select * from {{ ref('typed_flights') }}
    where flight_id is not null and diversion_known_at is not null

),

diversion_facts as (

    select
        *,
        scheduled_arrival_at as event_at,
        diversion_known_at as known_at
    from typed_flights

),

diversions as (

    {{ fact_versions('diversion_facts', ['flight_id'], [
        'carrier',
        'flight_number',
        'origin',
        'destination',
        'event_at',
    ]) }}

)

select * from diversions
