{%- set tables = [
    'aircraft_arrivals',
    'aircraft_profile',
    'carrier_arrivals',
    'carrier_origin_departures',
    'destination_arrivals',
    'flight_aircraft',
    'flight_number_arrivals',
    'flight_schedule',
    'flights_at_prediction',
    'origin_departures',
    'origin_scheduled_departures',
    'origin_weather',
    'route_arrivals',
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
