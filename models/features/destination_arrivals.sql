with

departure_events as (

    select * from {{ ref('departure_events') }}

),

arrival_events as (

    select * from {{ ref('arrival_events') }}

),

-- Minutes lost: by how much a flight fell behind after it had left; negative if it made
-- some up.
arrivals as (

    select
        arrival_events.*,
        arrival_events.arrival_delay_minutes - departure_events.departure_delay_minutes
            as minutes_lost
    from arrival_events
    inner join departure_events on arrival_events.flight_id = departure_events.flight_id

),

destination_arrivals as (

    {{ running_totals('arrivals', ['destination'], 'arrivals', [
        'arrival_delay_minutes',
        'late_arrivals',
        'minutes_lost',
    ]) }}

)

select * from destination_arrivals
