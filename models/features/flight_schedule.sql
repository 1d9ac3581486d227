with

schedules as (

    select * from {{ ref('schedules') }}

),

flight_schedule as (

    select
        flight_id,
        known_at,
        version,
        carrier,
        flight_number,
        origin,
        destination,
        scheduled_departure_at,
        {{ dbt.date_trunc('hour', 'scheduled_departure_at') }} as scheduled_hour_at,
        extract(isodow from scheduled_departure_local) as scheduled_day_of_week,
        extract(hour from scheduled_departure_local) as scheduled_hour_local,
        extract(hour from scheduled_departure_local) * 60
        + extract(minute from scheduled_departure_local) as scheduled_minute_of_day,
        {{ dbt.datediff('scheduled_departure_at', 'scheduled_arrival_at', 'minute') }}
            as scheduled_duration_minutes,
        distance_miles
    from schedules

)

select * from flight_schedule
