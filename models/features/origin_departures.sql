with

departure_events as (

    select * from {{ ref('departure_events') }}

),

origin_departures as (

    {{ running_totals('departure_events', ['origin'], 'departures', [
        'departure_delay_minutes',
        'late_departures',
    ]) }}

)

select * from origin_departures
