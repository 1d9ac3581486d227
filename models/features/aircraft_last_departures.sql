with

departures as (

    select * from {{ ref('departures') }}
    where version = 1

),

aircraft_assignments as (

    select * from {{ ref('aircraft_assignments') }}
    where version = 1

),

schedules as (

    select * from {{ ref('schedules') }}
    where version = 1

),

departures_by_aircraft as (

    select
        aircraft_assignments.tail_number,
        case
            when departures.known_at > aircraft_assignments.known_at
                then departures.known_at
            else aircraft_assignments.known_at
        end as known_at,
        departures.flight_id,
        departures.event_at,
        departures.departure_delay_minutes,
        {{ dbt.datediff(
            'schedules.scheduled_departure_at',
            'schedules.scheduled_arrival_at',
            'minute'
        ) }} as scheduled_duration_minutes
    from departures
    inner join aircraft_assignments
        on departures.flight_id = aircraft_assignments.flight_id
    inner join schedules on departures.flight_id = schedules.flight_id

),

-- Of departures that became known at the same instant, the last one counts.
latest_first as (

    select
        *,
        row_number() over (
            partition by tail_number, known_at
            order by event_at desc, flight_id desc
        ) as recency
    from departures_by_aircraft

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
