with

departures as (

    select * from {{ ref('departures') }}
    where version = 1

),

-- Minutes lost: by how much a flight fell behind after it had left; negative if it made
-- some up.
arrivals as (

    select
        arrivals.destination,
        arrivals.known_at,
        arrivals.arrival_delay_minutes,
        cast(arrivals.arrival_delay_minutes >= {{ var('late_minutes') }} as integer)
            as late_arrivals,
        arrivals.arrival_delay_minutes - departures.departure_delay_minutes
            as minutes_lost
    from {{ ref('arrivals') }} as arrivals
    inner join departures on arrivals.flight_id = departures.flight_id
    where arrivals.version = 1

),

destination_arrivals as (

    {{ running_totals('arrivals', ['destination'], 'arrivals', [
        'arrival_delay_minutes',
        'late_arrivals',
        'minutes_lost',
    ]) }}

)

select * from destination_arrivals
