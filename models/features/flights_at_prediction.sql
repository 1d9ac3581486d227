with

clock as (

    select * from {{ ref('clock') }}

),

flight_schedule as (

    select * from {{ ref('flight_schedule') }}

),

first_schedules as (

    select
        flight_id,
        known_at,
        {{ dbt.dateadd('hour', -2, 'scheduled_departure_at') }} as prediction_at
    from flight_schedule
    where version = 1

),

-- Every flight whose schedule was known in time; no later fact decides which ones.
flights as (

    select
        first_schedules.flight_id,
        first_schedules.prediction_at,
        row_number() over (
            order by first_schedules.prediction_at, first_schedules.flight_id
        ) as example_number
    from first_schedules
    inner join clock on first_schedules.prediction_at < clock.clock_at
    where first_schedules.known_at < first_schedules.prediction_at

),

schedule as (

    {{ point_in_time_join('flights', 'flight_schedule', ['flight_id'], [
        'carrier',
        'flight_number',
        'origin',
        'destination',
        'scheduled_hour_at',
        'scheduled_day_of_week',
        'scheduled_minute_of_day',
        'scheduled_duration_minutes',
        'distance_miles',
    ]) }}

),

aircraft as (

    {{ point_in_time_join(
        'flights', 'flight_aircraft', ['flight_id'], ['tail_number']
    ) }}

),

examples as (

    select
        schedule.*,
        flights.prediction_at,
        aircraft.tail_number
    from flights
    inner join schedule on flights.example_number = schedule.example_number
    inner join aircraft on flights.example_number = aircraft.example_number

),

origin_departures as (

    {{ trailing(
        'examples', 'origin_departures', ['origin'], ['1h', '3h', '6h'],
        {
            'origin_departures': ['count', 'departures'],
            'origin_departure_delay_minutes_mean':
                ['mean', 'departure_delay_minutes', 'departures'],
            'origin_late_departure_share': ['share', 'late_departures', 'departures'],
        }
    ) }}

),

carrier_origin_departures as (

    {{ trailing(
        'examples', 'carrier_origin_departures', ['carrier', 'origin'], ['3h'],
        {
            'carrier_origin_departures': ['count', 'departures'],
            'carrier_origin_departure_delay_minutes_mean':
                ['mean', 'departure_delay_minutes', 'departures'],
        }
    ) }}

),

carrier_arrivals as (

    {{ trailing(
        'examples', 'carrier_arrivals', ['carrier'], ['24h'],
        {
            'carrier_arrivals': ['count', 'arrivals'],
            'carrier_arrival_delay_minutes_mean':
                ['mean', 'arrival_delay_minutes', 'arrivals'],
        }
    ) }}

),

destination_arrivals as (

    {{ trailing(
        'examples', 'destination_arrivals', ['destination'], ['24h'],
        {
            'destination_arrivals': ['count', 'arrivals'],
            'destination_arrival_delay_minutes_mean':
                ['mean', 'arrival_delay_minutes', 'arrivals'],
        }
    ) }}

),

route_arrivals as (

    {{ trailing(
        'examples', 'route_arrivals', ['origin', 'destination'], ['28d'],
        {
            'route_arrivals': ['count', 'arrivals'],
            'route_arrival_delay_minutes_mean':
                ['mean', 'arrival_delay_minutes', 'arrivals'],
            'route_late_share': ['share', 'late_arrivals', 'arrivals'],
        }
    ) }}

),

flight_number_arrivals as (

    {{ trailing(
        'examples', 'flight_number_arrivals', ['carrier', 'flight_number'],
        ['28d'],
        {
            'flight_number_arrivals': ['count', 'arrivals'],
            'flight_number_arrival_delay_minutes_mean':
                ['mean', 'arrival_delay_minutes', 'arrivals'],
            'flight_number_late_share': ['share', 'late_arrivals', 'arrivals'],
        }
    ) }}

),

aircraft_arrivals as (

    {{ trailing(
        'examples', 'aircraft_arrivals', ['tail_number'], ['24h'],
        {
            'aircraft_arrivals': ['count', 'arrivals'],
            'aircraft_arrival_delay_minutes_mean':
                ['mean', 'arrival_delay_minutes', 'arrivals'],
        }
    ) }}

),

origin_scheduled_departures as (

    {{ point_in_time_join(
        'examples', 'origin_scheduled_departures',
        ['origin', 'scheduled_hour_at'],
        {'origin_scheduled_departures_in_hour': 'scheduled_departures_total'}
    ) }}

),

origin_weather as (

    {{ point_in_time_join(
        'examples', 'origin_weather', ['origin'],
        [
            'temperature_f',
            'dew_point_f',
            'relative_humidity_percent',
            'wind_direction_degrees',
            'wind_speed_mph',
            'wind_gust_mph',
            'precipitation_inches',
            'pressure_millibars',
            'visibility_miles',
        ]
    ) }}

),

aircraft_profile as (

    {{ point_in_time_join(
        'examples', 'aircraft_profile', ['tail_number'],
        ['manufactured_year', 'seats']
    ) }}

)

select
    flights.flight_id,
    flights.prediction_at,
    examples.carrier,
    examples.origin,
    examples.destination,
    examples.scheduled_day_of_week,
    examples.scheduled_minute_of_day,
    examples.scheduled_duration_minutes,
    examples.distance_miles,
    origin_scheduled_departures.origin_scheduled_departures_in_hour,
    origin_departures.origin_departures_1h,
    origin_departures.origin_departure_delay_minutes_mean_1h,
    origin_departures.origin_late_departure_share_1h,
    origin_departures.origin_departures_3h,
    origin_departures.origin_departure_delay_minutes_mean_3h,
    origin_departures.origin_late_departure_share_3h,
    origin_departures.origin_departures_6h,
    origin_departures.origin_departure_delay_minutes_mean_6h,
    origin_departures.origin_late_departure_share_6h,
    carrier_origin_departures.carrier_origin_departures_3h,
    carrier_origin_departures.carrier_origin_departure_delay_minutes_mean_3h,
    carrier_arrivals.carrier_arrivals_24h,
    carrier_arrivals.carrier_arrival_delay_minutes_mean_24h,
    destination_arrivals.destination_arrivals_24h,
    destination_arrivals.destination_arrival_delay_minutes_mean_24h,
    route_arrivals.route_arrivals_28d,
    route_arrivals.route_arrival_delay_minutes_mean_28d,
    route_arrivals.route_late_share_28d,
    flight_number_arrivals.flight_number_arrivals_28d,
    flight_number_arrivals.flight_number_arrival_delay_minutes_mean_28d,
    flight_number_arrivals.flight_number_late_share_28d,
    aircraft_arrivals.aircraft_arrivals_24h,
    aircraft_arrivals.aircraft_arrival_delay_minutes_mean_24h,
    aircraft_profile.manufactured_year,
    aircraft_profile.seats,
    origin_weather.temperature_f,
    origin_weather.dew_point_f,
    origin_weather.relative_humidity_percent,
    origin_weather.wind_direction_degrees,
    origin_weather.wind_speed_mph,
    origin_weather.wind_gust_mph,
    origin_weather.precipitation_inches,
    origin_weather.pressure_millibars,
    origin_weather.visibility_miles
from flights
inner join examples using (example_number)
inner join origin_scheduled_departures using (example_number)
inner join origin_departures using (example_number)
inner join carrier_origin_departures using (example_number)
inner join carrier_arrivals using (example_number)
inner join destination_arrivals using (example_number)
inner join route_arrivals using (example_number)
inner join flight_number_arrivals using (example_number)
inner join aircraft_arrivals using (example_number)
inner join aircraft_profile using (example_number)
inner join origin_weather using (example_number)
