with

flights as (

    select * from {{ ref('flights') }}

),

departures as (

    select
        *,
        row_number() over (
            partition by flight_id
            order by version desc
        ) as recency
    from {{ ref('departures') }}

),

aircraft_assignments as (

    select
        *,
        row_number() over (
            partition by flight_id
            order by version desc
        ) as recency
    from {{ ref('aircraft_assignments') }}

),

fct_flight_outcomes as (

    select
        *,
        row_number() over (
            partition by flight_id
            order by known_at desc
        ) as recency
    from {{ ref('fct_flight_outcomes') }}

),

fct_flights as (

    select
        flights.flight_id,
        flights.flight_date_local,
        flights.carrier,
        flights.flight_number,
        flights.origin,
        flights.destination,
        aircraft_assignments.tail_number,
        flights.distance_miles,
        flights.scheduled_departure_at,
        flights.scheduled_departure_local,
        flights.scheduled_arrival_at,
        case
            when coalesce(fct_flight_outcomes.outcome, '') != 'cancelled'
                then departures.event_at
        end as departed_at,
        case
            when coalesce(fct_flight_outcomes.outcome, '') != 'cancelled'
                then departures.departure_delay_minutes
        end as departure_delay_minutes,
        case
            when fct_flight_outcomes.outcome = 'arrived'
                then fct_flight_outcomes.event_at
        end as arrived_at,
        fct_flight_outcomes.arrival_delay_minutes,
        fct_flight_outcomes.is_late,
        coalesce(fct_flight_outcomes.outcome = 'cancelled', false) as is_cancelled,
        coalesce(fct_flight_outcomes.outcome = 'diverted', false) as is_diverted,
        fct_flight_outcomes.known_at as outcome_known_at
    from flights
    left join departures
        on flights.flight_id = departures.flight_id and departures.recency = 1
    left join aircraft_assignments
        on
            flights.flight_id = aircraft_assignments.flight_id
            and aircraft_assignments.recency = 1
    left join fct_flight_outcomes
        on
            flights.flight_id = fct_flight_outcomes.flight_id
            and fct_flight_outcomes.recency = 1

)

select * from fct_flights
