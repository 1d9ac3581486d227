{{ config(materialized='incremental', incremental_strategy='append') }}

with

landed_files as (

    select * from {{ ref('landed_files') }}

),

files as (

    {{ all_files() }}

),

new_files as (

    select
        landed_files.table_name,
        landed_files._file,
        landed_files._file_sha256,
        files.content,
        files.required_columns
    from landed_files
    inner join files
        on
            landed_files.table_name = files.table_name
            and landed_files._file = files._file
            and landed_files._file_sha256 = files._file_sha256
    {% if is_incremental() %}
        where landed_files.table_name || landed_files._file_sha256 not in (
            select loaded.table_name || loaded._file_sha256 from {{ this }} as loaded
        )
    {% endif %}

),

lines as (

    {{ lines_of('new_files') }}

),

delivered_lines as (

    select
        table_name,
        line_kind,
        line_number,
        line_count,
        fields,
        raw_line,
        reason,
        _file,
        row_number() over (
            partition by table_name, _file_sha256, line_kind = 'header'
            order by line_number
        ) as _row_number,
        _file_sha256,
        {{ landing_stamp() }}
    from lines

)

select * from delivered_lines
order by table_name, _file, line_number
