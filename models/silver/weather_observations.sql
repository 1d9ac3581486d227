{%- set ranges = {
    'temp': ['double', -60, 130],
    'dewp': ['double', -80, 100],
    'humid': ['double', 0, 100],
    'wind_dir': ['integer', 0, 360],
    'wind_speed': ['double', 0, 150],
    'wind_gust': ['double', 0, 200],
    'precip': ['double', 0, 15],
    'pressure': ['double', 870, 1085],
    'visib': ['double', 0, 100],
} %}

with

raw_weather as (

    select * from {{ ref('raw_weather') }}

),

typed as (

    select
        {{ delivered_text('origin') }} as airport,
        {{ dbt.safe_cast('time_hour', 'timestamp') }} as event_at,
        {{ plausible('temp', ranges) }} as temperature_f,
        {{ plausible('dewp', ranges) }} as dew_point_f,
        {{ plausible('humid', ranges) }} as relative_humidity_percent,
        {{ plausible('wind_dir', ranges) }} as wind_direction_degrees,
        {{ plausible('wind_speed', ranges) }} as wind_speed_mph,
        {{ plausible('wind_gust', ranges) }} as wind_gust_mph,
        {{ plausible('precip', ranges) }} as precipitation_inches,
        {{ plausible('pressure', ranges) }} as pressure_millibars,
        {{ plausible('visib', ranges) }} as visibility_miles,
        {{ impossible_values(ranges.keys(), ranges) }} as impossible_values,
        {{ correction_date('_file') }} as corrected_on,
        _file,
        _row_number,
        _landed_at,
        _batch_id
    from raw_weather

),

usable as (

    select * from typed
    where airport is not null and event_at is not null

),

delivered as (

    {{ deliveries('usable', ['airport', 'event_at']) }}

),

-- The weather of an hour is known when the hour is over, never during it.
observation_facts as (

    select
        *,
        {{ known_at(dbt.dateadd('hour', 1, 'event_at')) }} as known_at
    from delivered
    where delivery_number = 1

),

known_observations as (

    select * from observation_facts
    where {{ is_known('known_at') }}

),

weather_observations as (

    {{ fact_versions('known_observations', ['airport', 'event_at'], [
        'temperature_f',
        'dew_point_f',
        'relative_humidity_percent',
        'wind_direction_degrees',
        'wind_speed_mph',
        'wind_gust_mph',
        'precipitation_inches',
        'pressure_millibars',
        'visibility_miles',
        'impossible_values',
    ]) }}

)

select
    *,
    impossible_values is not null as has_impossible_values
from weather_observations
