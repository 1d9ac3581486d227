-- Lines delivered, counted in the bytes of each file, are its header, the rows loaded
-- and the rows rejected: nothing is lost and nothing is loaded twice.
with

landed_files as (

    select * from {{ ref('landed_files') }}

),

headers as (

    select
        table_name,
        _file_sha256,
        1 as line_count
    from {{ ref('delivered_lines') }}
    where line_kind = 'header'

),

loaded_rows as (

    select
        'flights' as table_name,
        _file_sha256,
        _line_count as line_count
    from {{ ref('raw_flights') }}
    union all
    select
        'weather' as table_name,
        _file_sha256,
        _line_count as line_count
    from {{ ref('raw_weather') }}
    union all
    select
        'planes' as table_name,
        _file_sha256,
        _line_count as line_count
    from {{ ref('raw_planes') }}
    union all
    select
        'decisions' as table_name,
        _file_sha256,
        _line_count as line_count
    from {{ ref('raw_decisions') }}

),

rejected_rows as (

    select
        table_name,
        _file_sha256,
        1 as line_count
    from {{ ref('rejected_rows') }}

),

found as (

    select * from headers
    union all
    select * from loaded_rows
    union all
    select * from rejected_rows

),

found_lines as (

    select
        table_name,
        _file_sha256,
        sum(line_count) as line_count
    from found
    group by table_name, _file_sha256

)

select
    landed_files._file,
    landed_files.line_count as delivered_lines,
    found_lines.line_count as found_lines
from landed_files
left join found_lines
    on
        landed_files.table_name = found_lines.table_name
        and landed_files._file_sha256 = found_lines._file_sha256
where landed_files.line_count != coalesce(found_lines.line_count, 0)
