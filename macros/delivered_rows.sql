{#-
    The rows of one landing table that this relation does not hold yet, every column as
    the text that was delivered: the declared ones, then any other that a file brought.
-#}
{% macro delivered_rows(table) -%}
{%- set columns = required_columns(table) + extra_columns(table) -%}
with

headers as (

    select
        _file_sha256,
        fields as names
    from {{ ref('delivered_lines') }}
    where table_name = '{{ table }}' and line_kind = 'header'

),

new_rows as (

    select *
    from {{ ref('delivered_lines') }}
    where
        table_name = '{{ table }}' and line_kind = 'row'
        {%- if is_incremental() %}
        and _file_sha256 not in (select loaded._file_sha256 from {{ this }} as loaded)
        {%- endif %}

)

select
    {%- for column in columns %}
    new_rows.fields[list_position(headers.names, '{{ column | replace("'", "''") }}')]
        as {{ adapter.quote(column) }},
    {%- endfor %}
    new_rows._file,
    new_rows._row_number,
    new_rows.line_count as _line_count,
    new_rows._file_sha256,
    new_rows._landed_at,
    new_rows._batch_id
from new_rows
inner join headers on new_rows._file_sha256 = headers._file_sha256
{%- endmacro %}


{#- Columns that some loaded file has beside those its source declares. -#}
{% macro extra_columns(table) %}
    {% if not execute or load_relation(ref('delivered_lines')) is none %}
        {% do return([]) %}
    {% endif %}
    {% set names = run_query(
        "select distinct unnest(fields) as name from " ~ ref('delivered_lines')
        ~ " where table_name = '" ~ table ~ "' and line_kind = 'header' order by name"
    ).columns[0].values() %}
    {% do return(names | reject('in', required_columns(table)) | list) %}
{% endmacro %}
