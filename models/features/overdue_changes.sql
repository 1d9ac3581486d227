{{ config(materialized='ephemeral') }}

with

clock as (

    select * from {{ ref('clock') }}

),

schedules as (

    select * from {{ ref('schedules') }}
    where version = 1

),

departures as (

    select * from {{ ref('departures') }}

),

cancellations as (

    select * from {{ ref('cancellations') }}

),

-- A flight is overdue once its scheduled departure has passed ...
overdue as (

    select
        flight_id,
        origin,
        {{ later_of('known_at', 'scheduled_departure_at') }} as overdue_at
    from schedules

),

-- ... until it is first known to have left or to be cancelled, whichever comes first.
outcomes as (

    select
        flight_id,
        known_at
    from departures
    union all
    select
        flight_id,
        known_at
    from cancellations

),

first_outcomes as (

    select
        flight_id,
        min(known_at) as known_at
    from outcomes
    group by flight_id

),

changes as (

    select
        origin,
        overdue_at as known_at,
        1 as overdue_departures
    from overdue
    union all
    select
        overdue.origin,
        {{ later_of('first_outcomes.known_at', 'overdue.overdue_at') }} as known_at,
        -1 as overdue_departures
    from overdue
    inner join first_outcomes on overdue.flight_id = first_outcomes.flight_id

),

-- That a departure time passes is known only up to the clock.
overdue_changes as (

    select changes.*
    from changes
    inner join clock on changes.known_at < clock.clock_at

)

select * from overdue_changes
