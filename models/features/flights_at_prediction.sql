{#- What the aircraft's slack is made from, see the end of this file. -#}
{%- do register_feature(
    'aircraft_slack_minutes', 'aircraft_last_departures', ['tail_number'], '24h',
    ['known_at', 'scheduled_duration_minutes']
) %}
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
        'scheduled_departure_at',
        'scheduled_hour_at',
        'scheduled_day_of_week',
        'scheduled_hour_local',
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
        'examples', 'origin_departures', ['origin'], ['1h', '2h', '3h', '6h'],
        {
            'origin_departures': ['count', 'departures'],
            'origin_departure_delay_minutes_mean':
                ['mean', 'departure_delay_minutes', 'departures'],
            'origin_late_departure_share': ['share', 'late_departures', 'departures'],
        }
    ) }}

),

network_departures as (

    {{ trailing(
        'examples', 'network_departures', [], ['1h'],
        {'network_late_departure_share': ['share', 'late_departures', 'departures']}
    ) }}

),

carrier_departures as (

    {{ trailing(
        'examples', 'carrier_departures', ['carrier'], ['3h'],
        {'carrier_late_departure_share': ['share', 'late_departures', 'departures']}
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

origin_overdue_departures as (

    {{ point_in_time_join(
        'examples', 'origin_overdue_departures', ['origin'],
        {'origin_overdue_departures': 'overdue_departures_total'}
    ) }}

),

network_overdue_departures as (

    {{ point_in_time_join(
        'examples', 'network_overdue_departures', [],
        {'network_overdue_departures': 'overdue_departures_total'}
    ) }}

),

carrier_arrivals as (

    {{ trailing(
        'examples', 'carrier_arrivals', ['carrier'], ['24h'],
        {
            'carrier_arrival_delay_minutes_mean':
                ['mean', 'arrival_delay_minutes', 'arrivals'],
        }
    ) }}

),

destination_arrivals as (

    {{ trailing(
        'examples', 'destination_arrivals', ['destination'], ['6h', '24h'],
        {
            'destination_arrival_delay_minutes_mean':
                ['mean', 'arrival_delay_minutes', 'arrivals'],
            'destination_minutes_lost_mean': ['mean', 'minutes_lost', 'arrivals'],
        }
    ) }}

),

carrier_destination_arrivals as (

    {{ trailing(
        'examples', 'carrier_destination_arrivals', ['carrier', 'destination'],
        ['24h'],
        {
            'carrier_destination_arrival_delay_minutes_mean':
                ['mean', 'arrival_delay_minutes', 'arrivals'],
        }
    ) }}

),

route_arrivals as (

    {{ trailing(
        'examples', 'route_arrivals', ['origin', 'destination'], ['28d'],
        {
            'route_arrival_delay_minutes_mean':
                ['mean', 'arrival_delay_minutes', 'arrivals'],
            'route_late_share': ['share', 'late_arrivals', 'arrivals'],
        }
    ) }}

),

service_arrivals as (

    {{ trailing(
        'examples', 'service_arrivals',
        ['carrier', 'flight_number', 'origin', 'destination'], ['28d'],
        {
            'service_arrival_delay_minutes_mean':
                ['mean', 'arrival_delay_minutes', 'arrivals'],
        }
    ) }}

),

carrier_origin_hour_arrivals as (

    {{ trailing(
        'examples', 'carrier_origin_hour_arrivals',
        ['carrier', 'origin', 'scheduled_hour_local'], ['28d'],
        {
            'carrier_origin_hour_arrival_delay_minutes_mean':
                ['mean', 'arrival_delay_minutes', 'arrivals'],
        }
    ) }}

),

aircraft_arrivals as (

    {{ trailing(
        'examples', 'aircraft_arrivals', ['tail_number'], ['24h'],
        {
            'aircraft_arrival_delay_minutes_mean':
                ['mean', 'arrival_delay_minutes', 'arrivals'],
        }
    ) }}

),

aircraft_last_arrivals as (

    {{ point_in_time_join(
        'examples', 'aircraft_arrivals', ['tail_number'], [],
        maximum_age='24h', minutes_since='aircraft_minutes_since_arrival'
    ) }}

),

aircraft_departures as (

    {{ trailing(
        'examples', 'aircraft_departures', ['tail_number'], ['24h'],
        {
            'aircraft_departures': ['count', 'departures'],
            'aircraft_departure_delay_minutes_mean':
                ['mean', 'departure_delay_minutes', 'departures'],
        }
    ) }}

),

aircraft_last_departures as (

    {{ point_in_time_join(
        'examples', 'aircraft_last_departures', ['tail_number'],
        {
            'aircraft_last_departure_delay_minutes': 'departure_delay_minutes',
            'last_duration_minutes': 'scheduled_duration_minutes',
        },
        maximum_age='24h', minutes_since='minutes_since_departure'
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
    origin_departures.origin_departures_2h,
    origin_departures.origin_departure_delay_minutes_mean_2h,
    origin_departures.origin_late_departure_share_2h,
    origin_departures.origin_departures_3h,
    origin_departures.origin_departure_delay_minutes_mean_3h,
    origin_departures.origin_late_departure_share_3h,
    origin_departures.origin_departures_6h,
    origin_departures.origin_departure_delay_minutes_mean_6h,
    origin_departures.origin_late_departure_share_6h,
    network_departures.network_late_departure_share_1h,
    carrier_departures.carrier_late_departure_share_3h,
    carrier_origin_departures.carrier_origin_departures_3h,
    carrier_origin_departures.carrier_origin_departure_delay_minutes_mean_3h,
    origin_overdue_departures.origin_overdue_departures,
    network_overdue_departures.network_overdue_departures,
    carrier_arrivals.carrier_arrival_delay_minutes_mean_24h,
    destination_arrivals.destination_arrival_delay_minutes_mean_6h,
    destination_arrivals.destination_minutes_lost_mean_6h,
    destination_arrivals.destination_arrival_delay_minutes_mean_24h,
    destination_arrivals.destination_minutes_lost_mean_24h,
    carrier_destination_arrivals.carrier_destination_arrival_delay_minutes_mean_24h,
    route_arrivals.route_arrival_delay_minutes_mean_28d,
    route_arrivals.route_late_share_28d,
    service_arrivals.service_arrival_delay_minutes_mean_28d,
    carrier_origin_hour_arrivals.carrier_origin_hour_arrival_delay_minutes_mean_28d,
    aircraft_arrivals.aircraft_arrival_delay_minutes_mean_24h,
    aircraft_last_arrivals.aircraft_minutes_since_arrival,
    aircraft_departures.aircraft_departures_24h,
    aircraft_departures.aircraft_departure_delay_minutes_mean_24h,
    aircraft_last_departures.aircraft_last_departure_delay_minutes,
    {{ minutes_between('flights.prediction_at', 'examples.scheduled_departure_at') }}
    + aircraft_last_departures.minutes_since_departure
    - 2 * aircraft_last_departures.last_duration_minutes as aircraft_slack_minutes,
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
inner join origin_departures using (example_number)
inner join network_departures using (example_number)
inner join carrier_departures using (example_number)
inner join carrier_origin_departures using (example_number)
inner join origin_overdue_departures using (example_number)
inner join network_overdue_departures using (example_number)
inner join carrier_arrivals using (example_number)
inner join destination_arrivals using (example_number)
inner join carrier_destination_arrivals using (example_number)
inner join route_arrivals using (example_number)
inner join service_arrivals using (example_number)
inner join carrier_origin_hour_arrivals using (example_number)
inner join aircraft_arrivals using (example_number)
inner join aircraft_last_arrivals using (example_number)
inner join aircraft_departures using (example_number)
inner join aircraft_last_departures using (example_number)
inner join origin_scheduled_departures using (example_number)
inner join origin_weather using (example_number)
inner join aircraft_profile using (example_number)
