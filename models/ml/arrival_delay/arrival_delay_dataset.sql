with

clock as (

    select * from {{ ref('clock') }}

),

arrival_delay_labels as (

    select * from {{ ref('arrival_delay_labels') }}

),

labels_at_clock as (

    select
        arrival_delay_labels.flight_id,
        arrival_delay_labels.prediction_at,
        case
            when arrival_delay_labels.label_known_at < clock.clock_at
                then arrival_delay_labels.label
        end as label,
        case
            when arrival_delay_labels.label_known_at < clock.clock_at
                then arrival_delay_labels.label_known_at
        end as label_known_at
    from arrival_delay_labels
    cross join clock
    where arrival_delay_labels.prediction_at < clock.clock_at

),

last_labels as (

    select
        *,
        row_number() over (
            partition by flight_id, prediction_at
            order by label_known_at desc nulls last
        ) as recency
    from labels_at_clock

),

labelled as (

    select
        flight_id,
        prediction_at,
        label,
        label_known_at,
        row_number() over (order by prediction_at, flight_id) as example_number
    from last_labels
    where recency = 1

),

schedule as (

    {{ point_in_time_join('labelled', ref('flight_schedule'), ['flight_id'], [
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
        'labelled', ref('flight_aircraft'), ['flight_id'], ['tail_number']
    ) }}

),

examples as (

    select
        schedule.*,
        labelled.prediction_at,
        aircraft.tail_number
    from labelled
    inner join schedule on labelled.example_number = schedule.example_number
    inner join aircraft on labelled.example_number = aircraft.example_number

),

origin_departures as (

    {{ trailing(
        'examples', ref('origin_departures'), ['origin'], ['1h', '3h', '6h'],
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
        'examples', ref('carrier_origin_departures'), ['carrier', 'origin'], ['3h'],
        {
            'carrier_origin_departures': ['count', 'departures'],
            'carrier_origin_departure_delay_minutes_mean':
                ['mean', 'departure_delay_minutes', 'departures'],
        }
    ) }}

),

carrier_arrivals as (

    {{ trailing(
        'examples', ref('carrier_arrivals'), ['carrier'], ['24h'],
        {
            'carrier_arrivals': ['count', 'arrivals'],
            'carrier_arrival_delay_minutes_mean':
                ['mean', 'arrival_delay_minutes', 'arrivals'],
        }
    ) }}

),

destination_arrivals as (

    {{ trailing(
        'examples', ref('destination_arrivals'), ['destination'], ['24h'],
        {
            'destination_arrivals': ['count', 'arrivals'],
            'destination_arrival_delay_minutes_mean':
                ['mean', 'arrival_delay_minutes', 'arrivals'],
        }
    ) }}

),

route_arrivals as (

    {{ trailing(
        'examples', ref('route_arrivals'), ['origin', 'destination'], ['28d'],
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
        'examples', ref('flight_number_arrivals'), ['carrier', 'flight_number'],
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
        'examples', ref('aircraft_arrivals'), ['tail_number'], ['24h'],
        {
            'aircraft_arrivals': ['count', 'arrivals'],
            'aircraft_arrival_delay_minutes_mean':
                ['mean', 'arrival_delay_minutes', 'arrivals'],
        }
    ) }}

),

origin_scheduled_departures as (

    {{ point_in_time_join(
        'examples', ref('origin_scheduled_departures'),
        ['origin', 'scheduled_hour_at'], ['scheduled_departures_total']
    ) }}

),

origin_weather as (

    {{ point_in_time_join(
        'examples', ref('origin_weather'), ['origin'],
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
        'examples', ref('aircraft_profile'), ['tail_number'],
        ['manufactured_year', 'seats']
    ) }}

)

select
    labelled.flight_id,
    labelled.prediction_at,
    labelled.label,
    labelled.label_known_at,
    examples.carrier,
    examples.origin,
    examples.destination,
    examples.scheduled_day_of_week,
    examples.scheduled_minute_of_day,
    examples.scheduled_duration_minutes,
    examples.distance_miles,
    origin_scheduled_departures.scheduled_departures_total
        as origin_scheduled_departures_in_hour,
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
from labelled
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
