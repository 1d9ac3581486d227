{%- set ranges = {
    'year': ['integer', 1903, 2100],
    'engines': ['integer', 1, 8],
    'seats': ['integer', 1, 900],
    'speed': ['integer', 30, 2500],
} %}

with

raw_planes as (

    select * from {{ ref('raw_planes') }}

),

typed as (

    select
        {{ delivered_text('tailnum') }} as tail_number,
        {{ plausible('year', ranges) }} as manufactured_year,
        {{ delivered_text('type') }} as aircraft_type,
        {{ delivered_text('manufacturer') }} as manufacturer,
        {{ delivered_text('model') }} as model,
        {{ plausible('engines', ranges) }} as engines,
        {{ plausible('seats', ranges) }} as seats,
        {{ plausible('speed', ranges) }} as cruising_speed_mph,
        {{ delivered_text('engine') }} as engine_type,
        {{ impossible_values(ranges.keys(), ranges) }} as impossible_values,
        {{ correction_date('_file') }} as corrected_on,
        _file,
        _row_number,
        _landed_at,
        _batch_id
    from raw_planes

),

usable as (

    select * from typed
    where tail_number is not null

),

delivered as (

    {{ deliveries('usable', ['tail_number']) }}

),

aircraft_facts as (

    select
        *,
        {{ known_at(always()) }} as known_at
    from delivered
    where delivery_number = 1

),

known_facts as (

    select * from aircraft_facts
    where {{ is_known('known_at') }}

),

aircraft as (

    {{ fact_versions('known_facts', ['tail_number'], [
        'manufactured_year',
        'aircraft_type',
        'manufacturer',
        'model',
        'engines',
        'seats',
        'cruising_speed_mph',
        'engine_type',
        'impossible_values',
    ]) }}

)

select
    *,
    impossible_values is not null as has_impossible_values
from aircraft
