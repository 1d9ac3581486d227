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

rejected_flights as (

    select
        'flights' as table_name,
        _file,
        _row_number,
        rejection as reason
    from typed_flights
    where rejection is not null

),

rejected_weather as (

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

rejected_planes as (

    select
        'planes' as table_name,
        _file,
        _row_number,
        'tailnum is missing' as reason
    from raw_planes
    where {{ delivered_text('tailnum') }} is null

),

rejected_records as (

    select * from rejected_flights
    union all
    select * from rejected_weather
    union all
    select * from rejected_planes

)

select
    table_name,
    _file as file,
    _row_number as row_number_in_file,
    reason
from rejected_records
