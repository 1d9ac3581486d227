with

fct_flights as (

    select * from {{ ref('fct_flights') }}

),

route_daily as (

    select
        origin,
        destination,
        flight_date_local,
        count(*) as scheduled_flights,
        count(departed_at) as departed_flights,
        count(arrived_at) as arrived_flights,
        count(*) filter (where is_cancelled) as cancelled_flights,
        count(*) filter (where is_diverted) as diverted_flights,
        count(*) filter (where is_late) as late_flights,
        avg(departure_delay_minutes) as departure_delay_minutes_mean,
        avg(arrival_delay_minutes) as arrival_delay_minutes_mean,
        avg(cast(is_late as integer)) as late_share
    from fct_flights
    group by origin, destination, flight_date_local

)

select * from route_daily
order by origin, destination, flight_date_local
