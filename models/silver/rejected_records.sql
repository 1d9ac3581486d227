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

parsed_decisions as (

    select * from {{ ref('parsed_decisions') }}

),

rejected_flights as (

    select
        'flights' as table_name,
        _file,
        _row_number,
        _batch_id,
        rejection as reason
    from typed_flights
    where rejection is not null

),

weather_rows as (

    select
        {{ delivered_text('origin') }} as airport,
        {{ dbt.safe_cast('time_hour', 'timestamp') }} as event_at,
        {{ correction_date('_file') }} as corrected_on,
        _file,
        _row_number,
        _landed_at,
        _batch_id
    from raw_weather

),

delivered_weather as (

    {{ deliveries('weather_rows', ['airport', 'event_at']) }}

),

rejected_weather as (

    select
        'weather' as table_name,
        _file,
        _row_number,
        _batch_id,
        case
            when delivery_number > 1 then {{ repeated_reason() }}
            else 'origin or time_hour is missing or impossible'
        end as reason
    from delivered_weather
    where delivery_number > 1 or airport is null or event_at is null

),

plane_rows as (

    select
        {{ delivered_text('tailnum') }} as tail_number,
        {{ correction_date('_file') }} as corrected_on,
        _file,
        _row_number,
        _landed_at,
        _batch_id
    from raw_planes

),

delivered_planes as (

    {{ deliveries('plane_rows', ['tail_number']) }}

),

rejected_planes as (

    select
        'planes' as table_name,
        _file,
        _row_number,
        _batch_id,
        case
            when delivery_number > 1 then {{ repeated_reason() }}
            else 'tailnum is missing'
        end as reason
    from delivered_planes
    where delivery_number > 1 or tail_number is null

),

usable_decisions as (

    select * from parsed_decisions
    where rejection is null

),

delivered_decisions as (

    {{ deliveries('usable_decisions', ['problem', 'decided_at']) }}

),

rejected_decisions as (

    select
        'decisions' as table_name,
        _file,
        _row_number,
        _batch_id,
        rejection as reason
    from parsed_decisions
    where rejection is not null
    union all
    select
        'decisions' as table_name,
        _file,
        _row_number,
        _batch_id,
        {{ repeated_reason() }} as reason
    from delivered_decisions
    where delivery_number > 1

),

rejected_records as (

    select * from rejected_flights
    union all
    select * from rejected_weather
    union all
    select * from rejected_planes
    union all
    select * from rejected_decisions

)

select
    table_name,
    _file as file,
    _row_number as row_number_in_file,
    reason,
    _batch_id
from rejected_records
