with

arrival_events as (

    select * from {{ ref('arrival_events') }}

),

carrier_arrivals as (

    {{ running_totals('arrival_events', ['carrier'], 'arrivals', [
        'arrival_delay_minutes',
        'late_arrivals',
    ]) }}

)

select * from carrier_arrivals
