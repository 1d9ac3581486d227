with

departure_events as (

    select * from {{ ref('departure_events') }}

),

network_departures as (

    {{ running_totals('departure_events', [], 'departures', [
        'departure_delay_minutes',
        'late_departures',
    ]) }}

)

select * from network_departures
