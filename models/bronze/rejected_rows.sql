{{ config(materialized='incremental', incremental_strategy='append') }}

with

rejected_lines as (

    select * from {{ ref('delivered_lines') }}
    where line_kind = 'rejected'

),

rejected_rows as (

    select
        table_name,
        _file as file,
        line_number,
        raw_line,
        reason,
        _file_sha256,
        _landed_at,
        _batch_id
    from rejected_lines
    {% if is_incremental() %}
        where table_name || _file_sha256 not in (
            select loaded.table_name || loaded._file_sha256 from {{ this }} as loaded
        )
    {% endif %}

)

select * from rejected_rows
