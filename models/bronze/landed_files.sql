{{ config(materialized='incremental', incremental_strategy='append') }}

with

files as (

    {{ all_files() }}

),

new_files as (

    select
        files.table_name,
        files._file,
        files.content,
        files._file_sha256,
        row_number() over (
            partition by files.table_name, files._file_sha256
            order by files._file
        ) as copy_number
    from files
    {% if is_incremental() %}
        left join {{ this }} as loaded
            on
                files.table_name = loaded.table_name
                and files._file_sha256 = loaded._file_sha256
        where loaded._file_sha256 is null
    {% endif %}

),

landed_files as (

    select
        table_name,
        _file,
        octet_length(content) as file_bytes,
        {{ line_count('content') }} as line_count,
        _file_sha256,
        {{ landing_stamp() }}
    from new_files
    where copy_number = 1

)

select * from landed_files
