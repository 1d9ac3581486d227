with

flights_at_prediction as (

    select * from {{ ref('flights_at_prediction') }}

),

known_labels as (

    {{ labels_at_clock(
        'cancellation_labels', ['flight_id', 'prediction_at']
    ) }}

),

-- No feature of the aircraft: its tail number is missing only on cancelled flights.
cancellation_dataset as (

    select
        flights_at_prediction.flight_id,
        flights_at_prediction.prediction_at,
        flights_at_prediction.carrier,
        flights_at_prediction.origin,
        flights_at_prediction.destination,
        flights_at_prediction.scheduled_day_of_week,
        flights_at_prediction.scheduled_minute_of_day,
        flights_at_prediction.scheduled_duration_minutes,
        flights_at_prediction.distance_miles,
        flights_at_prediction.origin_scheduled_departures_in_hour,
        flights_at_prediction.origin_departures_1h,
        flights_at_prediction.origin_departure_delay_minutes_mean_1h,
        flights_at_prediction.origin_late_departure_share_1h,
        flights_at_prediction.origin_departures_2h,
        flights_at_prediction.origin_departure_delay_minutes_mean_2h,
        flights_at_prediction.origin_late_departure_share_2h,
        flights_at_prediction.origin_departures_3h,
        flights_at_prediction.origin_departure_delay_minutes_mean_3h,
        flights_at_prediction.origin_late_departure_share_3h,
        flights_at_prediction.origin_departures_6h,
        flights_at_prediction.origin_departure_delay_minutes_mean_6h,
        flights_at_prediction.origin_late_departure_share_6h,
        flights_at_prediction.network_late_departure_share_1h,
        flights_at_prediction.carrier_late_departure_share_3h,
        flights_at_prediction.carrier_origin_departures_3h,
        flights_at_prediction.carrier_origin_departure_delay_minutes_mean_3h,
        flights_at_prediction.origin_overdue_departures,
        flights_at_prediction.network_overdue_departures,
        flights_at_prediction.carrier_arrival_delay_minutes_mean_24h,
        flights_at_prediction.destination_arrival_delay_minutes_mean_6h,
        flights_at_prediction.destination_minutes_lost_mean_6h,
        flights_at_prediction.destination_arrival_delay_minutes_mean_24h,
        flights_at_prediction.destination_minutes_lost_mean_24h,
        flights_at_prediction.carrier_destination_arrival_delay_minutes_mean_24h,
        flights_at_prediction.route_arrival_delay_minutes_mean_28d,
        flights_at_prediction.route_late_share_28d,
        flights_at_prediction.service_arrival_delay_minutes_mean_28d,
        flights_at_prediction.carrier_origin_hour_arrival_delay_minutes_mean_28d,
        flights_at_prediction.temperature_f,
        flights_at_prediction.dew_point_f,
        flights_at_prediction.relative_humidity_percent,
        flights_at_prediction.wind_direction_degrees,
        flights_at_prediction.wind_speed_mph,
        flights_at_prediction.wind_gust_mph,
        flights_at_prediction.precipitation_inches,
        flights_at_prediction.pressure_millibars,
        flights_at_prediction.visibility_miles,
        known_labels.label,
        known_labels.label_known_at
    from flights_at_prediction
    left join known_labels
        on
            flights_at_prediction.flight_id = known_labels.flight_id
            and flights_at_prediction.prediction_at = known_labels.prediction_at

)

select * from cancellation_dataset
