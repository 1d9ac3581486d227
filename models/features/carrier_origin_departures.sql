with

departure_events as (

    select * from {{ ref('departure_events') }}

),

carrier_origin_departures as (

    {{ running_totals('departure_events', ['carrier', 'origin'], 'departures', [
        'departure_delay_minutes',
        'late_departures',
    ]) }}

)

select * from carrier_origin_departures
