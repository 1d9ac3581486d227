with

fct_flights as (

    select * from {{ ref('fct_flights') }}

),

weather_observations as (

    select
        *,
        row_number() over (
            partition by airport, event_at
            order by version desc
        ) as recency
    from {{ ref('weather_observations') }}

),

departures as (

    select
        origin as airport,
        {{ dbt.date_trunc('hour', 'scheduled_departure_at') }} as hour_at,
        count(*) as scheduled_departures,
        count(*) filter (where is_cancelled) as cancelled_departures,
        count(departed_at) as departed_flights,
        avg(departure_delay_minutes) as departure_delay_minutes_mean
    from fct_flights
    group by origin, {{ dbt.date_trunc('hour', 'scheduled_departure_at') }}

),

arrivals as (

    select
        destination as airport,
        {{ dbt.date_trunc('hour', 'scheduled_arrival_at') }} as hour_at,
        count(*) as scheduled_arrivals,
        count(arrived_at) as arrived_flights,
        avg(arrival_delay_minutes) as arrival_delay_minutes_mean
    from fct_flights
    where scheduled_arrival_at is not null
    group by destination, {{ dbt.date_trunc('hour', 'scheduled_arrival_at') }}

),

traffic as (

    select
        coalesce(departures.airport, arrivals.airport) as airport,
        coalesce(departures.hour_at, arrivals.hour_at) as hour_at,
        coalesce(departures.scheduled_departures, 0) as scheduled_departures,
        coalesce(departures.cancelled_departures, 0) as cancelled_departures,
        coalesce(departures.departed_flights, 0) as departed_flights,
        departures.departure_delay_minutes_mean,
        coalesce(arrivals.scheduled_arrivals, 0) as scheduled_arrivals,
        coalesce(arrivals.arrived_flights, 0) as arrived_flights,
        arrivals.arrival_delay_minutes_mean
    from departures
    full join arrivals
        on
            departures.airport = arrivals.airport
            and departures.hour_at = arrivals.hour_at

),

airport_hourly as (

    select
        traffic.airport,
        traffic.hour_at,
        traffic.scheduled_departures,
        traffic.cancelled_departures,
        traffic.departed_flights,
        traffic.departure_delay_minutes_mean,
        traffic.scheduled_arrivals,
        traffic.arrived_flights,
        traffic.arrival_delay_minutes_mean,
        weather_observations.temperature_f,
        weather_observations.wind_speed_mph,
        weather_observations.precipitation_inches,
        weather_observations.visibility_miles
    from traffic
    left join weather_observations
        on
            traffic.airport = weather_observations.airport
            and traffic.hour_at = weather_observations.event_at
            and weather_observations.recency = 1

)

select * from airport_hourly
order by airport, hour_at
