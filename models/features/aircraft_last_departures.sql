with

aircraft_departure_events as (

    select * from {{ ref('aircraft_departure_events') }}

),

schedules as (

    select * from {{ ref('schedules') }}
    where version = 1

),

-- Of departures that became known at the same instant, the last one counts.
latest_first as (

    select
        aircraft_departure_events.tail_number,
        aircraft_departure_events.known_at,
        aircraft_departure_events.departure_delay_minutes,
        {{ dbt.datediff(
            'schedules.scheduled_departure_at',
            'schedules.scheduled_arrival_at',
            'minute'
        ) }} as scheduled_duration_minutes,
        row_number() over (
            partition by
                aircraft_departure_events.tail_number,
                aircraft_departure_events.known_at
            order by
                aircraft_departure_events.event_at desc,
                aircraft_departure_events.flight_id desc
        ) as recency
    from aircraft_departure_events
    inner join schedules on aircraft_departure_events.flight_id = schedules.flight_id

),

aircraft_last_departures as (

    select
        tail_number,
        known_at,
        departure_delay_minutes,
        scheduled_duration_minutes
    from latest_first
    where recency = 1

)

select * from aircraft_last_departures
