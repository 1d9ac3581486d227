with

arrival_events as (

    select * from {{ ref('arrival_events') }}

),

schedules as (

    select * from {{ ref('schedules') }}
    where version = 1

),

arrivals_by_hour as (

    select
        arrival_events.*,
        extract(hour from schedules.scheduled_departure_local) as scheduled_hour_local
    from arrival_events
    inner join schedules on arrival_events.flight_id = schedules.flight_id

),

carrier_origin_hour_arrivals as (

    {{ running_totals(
        'arrivals_by_hour', ['carrier', 'origin', 'scheduled_hour_local'], 'arrivals',
        ['arrival_delay_minutes', 'late_arrivals']
    ) }}

)

select * from carrier_origin_hour_arrivals
