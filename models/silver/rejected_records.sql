with

typed_flights as (

    select * from {{ ref('typed_flights') }}

),

raw_weather as (

    select * from {{ ref('raw_weather') }}

),

raw_planes as (

    select * from {{ ref('raw_planes') }}

),

unusable_flights as (

    select
        'flights' as table_name,
        _file,
        _row_number,
        'no schedule can be read: date, carrier, flight, origin, dest, sched_dep_time '
        || 'or time_hour is missing or impossible' as reason
    from typed_flights
    where not is_usable

),

undatable_departures as (

    select
        'flights' as table_name,
        _file,
        _row_number,
        'departed, but dep_delay gives no departure time: '
        || coalesce(impossible_departure, 'missing') as reason
    from typed_flights
    where is_usable and not is_cancelled and departed_at is null

),

undatable_arrivals as (

    select
        'flights' as table_name,
        _file,
        _row_number,
        'arrived, but arr_delay, sched_arr_time or the time zone of dest gives no '
        || 'arrival time: ' || coalesce(impossible_arrival, 'missing') as reason
    from typed_flights
    where is_usable and not is_cancelled and not is_diverted and arrived_at is null

),

unusable_weather as (

    select
        'weather' as table_name,
        _file,
        _row_number,
        'origin or time_hour is missing or impossible' as reason
    from raw_weather
    where
        {{ delivered_text('origin') }} is null
        or {{ dbt.safe_cast('time_hour', 'timestamp') }} is null

),

unusable_planes as (

    select
        'planes' as table_name,
        _file,
        _row_number,
        'tailnum is missing' as reason
    from raw_planes
    where {{ delivered_text('tailnum') }} is null

),

rejected_records as (

    select * from unusable_flights
    union all
    select * from undatable_departures
    union all
    select * from undatable_arrivals
    union all
    select * from unusable_weather
    union all
    select * from unusable_planes

)

select
    table_name,
    _file as file,
    _row_number as row_number_in_file,
    reason
from rejected_records
