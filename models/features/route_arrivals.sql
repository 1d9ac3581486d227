with

arrival_events as (

    select * from {{ ref('arrival_events') }}

),

route_arrivals as (

    {{ running_totals('arrival_events', ['origin', 'destination'], 'arrivals', [
        'arrival_delay_minutes',
        'late_arrivals',
    ]) }}

)

select * from route_arrivals
