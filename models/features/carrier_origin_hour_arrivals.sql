with

arrivals as (

    select * from {{ ref('arrivals') }}
    where version = 1

),

schedules as (

    select * from {{ ref('schedules') }}
    where version = 1

),

arrivals_by_hour as (

    select
        arrivals.carrier,
        arrivals.origin,
        extract(hour from schedules.scheduled_departure_local) as scheduled_hour_local,
        arrivals.known_at,
        arrivals.arrival_delay_minutes,
        cast(arrivals.arrival_delay_minutes >= {{ var('late_minutes') }} as integer)
            as late_arrivals
    from arrivals
    inner join schedules on arrivals.flight_id = schedules.flight_id

),

carrier_origin_hour_arrivals as (

    {{ running_totals(
        'arrivals_by_hour', ['carrier', 'origin', 'scheduled_hour_local'], 'arrivals',
        ['arrival_delay_minutes', 'late_arrivals']
    ) }}

)

select * from carrier_origin_hour_arrivals
