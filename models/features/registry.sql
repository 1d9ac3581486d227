{%- set tables = [
    'aircraft_arrivals',
    'aircraft_departures',
    'aircraft_last_departures',
    'aircraft_profile',
    'carrier_arrivals',
    'carrier_departures',
    'carrier_destination_arrivals',
    'carrier_origin_departures',
    'carrier_origin_hour_arrivals',
    'destination_arrivals',
    'flight_aircraft',
    'flight_schedule',
    'flights_at_prediction',
    'network_departures',
    'network_overdue_departures',
    'origin_departures',
    'origin_overdue_departures',
    'origin_scheduled_departures',
    'origin_weather',
    'route_arrivals',
    'service_arrivals',
] %}
{%- set features = registered_features(tables) %}

with

features as (

    {{ rows_of(features) }}

),

missing_shares as (

    {{ missing_shares(features) }}

),

registry as (

    select
        features.feature_table,
        features.feature,
        features.entity,
        features.data_type,
        features.unit,
        features.phrase,
        features.phrase_if_null,
        features.trailing_window,
        features.made_from,
        features.description,
        features.owner,
        features.used_by,
        missing_shares.missing_share
    from features
    left join missing_shares
        on
            features.feature_table = missing_shares.feature_table
            and features.feature = missing_shares.feature

)

select * from registry
order by feature_table, feature
