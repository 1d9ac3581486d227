with

arrival_events as (

    select * from {{ ref('arrival_events') }}

),

carrier_destination_arrivals as (

    {{ running_totals('arrival_events', ['carrier', 'destination'], 'arrivals', [
        'arrival_delay_minutes',
        'late_arrivals',
    ]) }}

)

select * from carrier_destination_arrivals
