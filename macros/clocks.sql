{#- A local wall-clock timestamp in a named zone, as UTC. -#}
{% macro local_to_utc(local, zone) -%}
    {{ return(adapter.dispatch('local_to_utc')(local, zone)) }}
{%- endmacro %}

{% macro duckdb__local_to_utc(local, zone) -%}
    timezone('UTC', timezone({{ zone }}, {{ local }}))
{%- endmacro %}


{#- A UTC timestamp as the wall clock of a named zone. -#}
{% macro utc_to_local(utc, zone) -%}
    {{ return(adapter.dispatch('utc_to_local')(utc, zone)) }}
{%- endmacro %}

{% macro duckdb__utc_to_local(utc, zone) -%}
    timezone({{ zone }}, timezone('UTC', {{ utc }}))
{%- endmacro %}


{#- The later of two instants; the second where the first is unknown. -#}
{% macro later_of(first, second) -%}
    case
            when {{ first }} > {{ second }} then {{ first }}
            else {{ second }}
        end
{%- endmacro %}


{#- Known before anything else: reference data and the first delivery of a registry. -#}
{% macro always() -%}
    timestamp '1970-01-01 00:00:00'
{%- endmacro %}


{#- The zone of all delivered origins, in which the airline's days and months begin. -#}
{% macro reporting_time_zone() -%}
    '{{ var("reporting_time_zone") }}'
{%- endmacro %}
