with

typed_flights as (

    select * from {{ ref('typed_flights') }}
    where flight_id is not null and cancellation_known_at is not null

),

cancellation_facts as (

    select
        *,
        scheduled_departure_at as event_at,
        cancellation_known_at as known_at
    from typed_flights

),

cancellations as (

    {{ fact_versions('cancellation_facts', ['flight_id'], [
        'carrier',
        'flight_number',
        'origin',
        'destination',
        'event_at',
    ]) }}

)

select * from cancellations
