{{ config(materialized='ephemeral') }}

{%- set ranges = {
    'flight': ['integer', 1, 9999],
    'dep_delay': ['integer', -120, 2880],
    'arr_delay': ['integer', -180, 2880],
    'air_time': ['integer', 1, 1440],
    'distance': ['integer', 1, 12000],
} %}

with

raw_flights as (

    select * from {{ ref('raw_flights') }}

),

parsed_flights as (

    select
        {{ delivered_date('year', 'month', 'day') }} as flight_date_local,
        {{ delivered_text('carrier') }} as carrier,
        {{ plausible('flight', ranges) }} as flight_number,
        {{ delivered_text('origin') }} as origin,
        {{ delivered_text('dest') }} as destination,
        {{ delivered_text('tailnum') }} as tail_number,
        {{ dbt.safe_cast(delivered_text('time_hour'), 'timestamp') }}
            as scheduled_hour_at,
        {{ minutes_of_day('sched_dep_time') }} as scheduled_departure_minute,
        {{ minutes_of_day('sched_arr_time') }} as scheduled_arrival_minute,
        {{ delivered_text('dep_time') }} is null as is_cancelled,
        {{ delivered_text('dep_time') }} is not null
        and {{ delivered_text('arr_delay') }} is null as is_diverted,
        {{ plausible('dep_delay', ranges) }} as departure_delay_minutes,
        {{ plausible('arr_delay', ranges) }} as arrival_delay_minutes,
        {{ plausible('air_time', ranges) }} as air_time_minutes,
        {{ plausible('distance', ranges) }} as distance_miles,
        {{ impossible_values(['distance'], ranges) }} as impossible_schedule_values,
        {{ impossible_values(['dep_delay'], ranges) }} as impossible_departure_values,
        {{ impossible_values(['arr_delay', 'air_time'], ranges) }}
            as impossible_arrival_values,
        {{ correction_date('_file') }} as corrected_on,
        _file,
        _row_number,
        _landed_at,
        _batch_id
    from raw_flights

)

select * from parsed_flights
