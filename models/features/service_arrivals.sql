with

arrival_events as (

    select * from {{ ref('arrival_events') }}

),

service_arrivals as (

    {{ running_totals(
        'arrival_events', ['carrier', 'flight_number', 'origin', 'destination'], 'arrivals',
        ['arrival_delay_minutes', 'late_arrivals']
    ) }}

)

select * from service_arrivals
