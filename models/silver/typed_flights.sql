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

airport_codes as (

    select * from {{ ref('airport_codes') }}

),

typed as (

    select
        {{ delivered_date('year', 'month', 'day') }} as flight_date_local,
        {{ delivered_text('carrier') }} as carrier,
        {{ plausible('flight', ranges) }} as flight_number,
        {{ delivered_text('origin') }} as origin,
        {{ delivered_text('dest') }} as destination,
        {{ delivered_text('tailnum') }} as tail_number,
        {{ dbt.safe_cast('time_hour', 'timestamp') }} as scheduled_hour_at,
        {{ minutes_of_day('sched_dep_time') }} as scheduled_departure_minute,
        {{ minutes_of_day('sched_arr_time') }} as scheduled_arrival_minute,
        {{ delivered_text('dep_time') }} is null as is_cancelled,
        {{ delivered_text('dep_time') }} is not null
        and {{ delivered_text('arr_delay') }} is null as is_diverted,
        {{ plausible('dep_delay', ranges) }} as departure_delay_minutes,
        {{ plausible('arr_delay', ranges) }} as arrival_delay_minutes,
        {{ plausible('air_time', ranges) }} as air_time_minutes,
        {{ plausible('distance', ranges) }} as distance_miles,
        {{ impossible_values(['flight', 'distance'], ranges) }} as impossible_schedule,
        {{ impossible_values(['dep_delay'], ranges) }} as impossible_departure,
        {{ impossible_values(['arr_delay', 'air_time'], ranges) }}
            as impossible_arrival,
        {{ correction_date('_file') }} as delivered_at,
        _file,
        _row_number,
        _batch_id
    from raw_flights

),

departures_in_utc as (

    select
        typed.*,
        airport_codes.tzone as destination_time_zone,
        {{ dbt.dateadd(
            'minute', 'mod(scheduled_departure_minute, 60)', 'scheduled_hour_at'
        ) }} as scheduled_departure_at
    from typed
    left join airport_codes on typed.destination = airport_codes.faa

),

-- The first moment after departure at which the clocks of the destination show the
-- scheduled arrival: the file gives no date.
arrivals_local as (

    select
        *,
        {{ utc_to_local('scheduled_departure_at', 'destination_time_zone') }}
            as departure_at_destination_local,
        {{ dbt.dateadd(
            'minute',
            'scheduled_arrival_minute',
            dbt.date_trunc(
                'day',
                utc_to_local('scheduled_departure_at', 'destination_time_zone')
            )
        ) }} as same_day_arrival_local
    from departures_in_utc

),

arrivals_in_utc as (

    select
        *,
        case
            when same_day_arrival_local > departure_at_destination_local
                then {{ local_to_utc('same_day_arrival_local', 'destination_time_zone') }}
            else
                {{ local_to_utc(
                    dbt.dateadd('day', 1, 'same_day_arrival_local'),
                    'destination_time_zone'
                ) }}
        end as scheduled_arrival_at
    from arrivals_local

),

typed_flights as (

    select
        concat_ws('|', flight_date_local, carrier, flight_number, origin) as flight_id,
        flight_date_local,
        carrier,
        flight_number,
        origin,
        destination,
        tail_number,
        distance_miles,
        scheduled_departure_at,
        scheduled_arrival_at,
        is_cancelled,
        is_diverted,
        departure_delay_minutes,
        {{ dbt.dateadd('minute', 'departure_delay_minutes', 'scheduled_departure_at') }}
            as departed_at,
        arrival_delay_minutes,
        {{ dbt.dateadd('minute', 'arrival_delay_minutes', 'scheduled_arrival_at') }}
            as arrived_at,
        air_time_minutes,
        impossible_schedule,
        impossible_departure,
        impossible_arrival,
        flight_date_local is not null
        and carrier is not null
        and flight_number is not null
        and origin is not null
        and destination is not null
        and scheduled_departure_at is not null as is_usable,
        delivered_at,
        _file,
        _row_number,
        _batch_id
    from arrivals_in_utc

)

select * from typed_flights
