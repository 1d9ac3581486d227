with

typed_flights as (

    select * from {{ ref('typed_flights') }}
    where is_usable and is_cancelled

),

cancellation_facts as (

    select
        *,
        scheduled_departure_at as event_at,
        {{ dbt.dateadd(
            'minute', var('cancellation_known_minutes'), 'scheduled_departure_at'
        ) }} as known_at
    from typed_flights

),

cancellations as (

    {{ known_versions('cancellation_facts', ['flight_id'], [
        'carrier',
        'flight_number',
        'origin',
        'destination',
        'event_at',
    ]) }}

)

select * from cancellations
