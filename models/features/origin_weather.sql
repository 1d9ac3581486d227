with

weather_observations as (

    select * from {{ ref('weather_observations') }}

),

-- Of observations known at the same instant, the one of the latest hour counts: a
-- correction of last week's weather is not the weather now.
newest_first as (

    select
        *,
        row_number() over (
            partition by airport, known_at
            order by event_at desc
        ) as recency
    from weather_observations
    where version = 1

),

origin_weather as (

    select
        airport as origin,
        known_at,
        temperature_f,
        dew_point_f,
        relative_humidity_percent,
        wind_direction_degrees,
        wind_speed_mph,
        wind_gust_mph,
        precipitation_inches,
        pressure_millibars,
        visibility_miles
    from newest_first
    where recency = 1

)

select * from origin_weather
