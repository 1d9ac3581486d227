{#- Delivered text; NA and the empty text are missing. -#}
{% macro delivered_text(column) -%}
    nullif(nullif(trim({{ column }}), ''), 'NA')
{%- endmacro %}


{#- A delivered instant in UTC; one that names another zone, as in +02:00, is converted. -#}
{% macro delivered_instant(column) -%}
    {%- set in_zone = dbt.safe_cast(delivered_text(column), 'timestamp with time zone') -%}
    {{ dbt.safe_cast(in_zone, 'timestamp') }}
{%- endmacro %}


{#-
    A delivered number within its plausible range, else null.

    ranges: for each column, its type and the smallest and largest value that can be true.
-#}
{% macro plausible(column, ranges) -%}
    {%- set type, low, high = ranges[column] -%}
    {%- set number = dbt.safe_cast(delivered_text(column), type) -%}
    case when {{ number }} between {{ low }} and {{ high }} then {{ number }} end
{%- endmacro %}


{#- The flag beside `plausible`: what was delivered and is impossible, null if nothing. -#}
{% macro impossible_values(columns, ranges) -%}
    nullif(concat_ws('; '
        {%- for column in columns %},
        case
            when {{ delivered_text(column) }} is not null and ({{ plausible(column, ranges) }}) is null
                then '{{ column }}=' || {{ column }}
        end
        {%- endfor %}
    ), '')
{%- endmacro %}


{#- A local date from three delivered columns, null if there is no such day. -#}
{% macro delivered_date(year, month, day) -%}
    {{ dbt.safe_cast("concat_ws('-', " ~ year ~ ", " ~ month ~ ", " ~ day ~ ")", "date") }}
{%- endmacro %}


{#- A delivered clock time HHMM as minutes since midnight; 2400 is 1440, 1260 is null. -#}
{% macro minutes_of_day(column) -%}
    {%- set clock = dbt.safe_cast(delivered_text(column), "integer") -%}
    case
            when {{ clock }} between 0 and 2400 and mod({{ clock }}, 100) < 60
                then cast(floor({{ clock }} / 100) * 60 + mod({{ clock }}, 100) as integer)
        end
{%- endmacro %}


{#- dbt's safe_cast is a plain cast on DuckDB: text that is no number would stop a build. -#}
{% macro duckdb__safe_cast(field, type) -%}
    try_cast({{ field }} as {{ type }})
{%- endmacro %}
