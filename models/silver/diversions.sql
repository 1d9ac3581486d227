with

typed_flights as (

    select * from {{ ref('typed_flights') }}
    where is_usable and is_diverted

),

diversion_facts as (

    select
        *,
        scheduled_arrival_at as event_at,
        {{ dbt.dateadd(
            'minute', var('cancellation_known_minutes'), 'scheduled_arrival_at'
        ) }} as known_at
    from typed_flights

),

diversions as (

    {{ known_versions('diversion_facts', ['flight_id'], [
        'carrier',
        'flight_number',
        'origin',
        'destination',
        'event_at',
    ]) }}

)

select * from diversions
