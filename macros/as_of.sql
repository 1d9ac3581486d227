{#-
    The clock of the project, as a SQL timestamp, or none when nobody set it:
    dbt build --vars '{as_of: "2013-10-01"}'. A date is midnight UTC.
-#}
{% macro as_of() %}
    {% set value = var('as_of', none) %}
    {% if value is none %}{% do return(none) %}{% endif %}
    {% set text = value | string | replace('T', ' ') %}
    {% set pattern = '([1-9]\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])( ([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?' %}
    {% set found = modules.re.fullmatch(pattern, text) %}
    {% if found %}
        {% set late_in_month = modules.datetime.date(found.group(1) | int, found.group(2) | int, 28) %}
        {% set next_month = (late_in_month + modules.datetime.timedelta(days=4)).replace(day=1) %}
        {% set last_day = (next_month - modules.datetime.timedelta(days=1)).day %}
    {% endif %}
    {% if not found or found.group(3) | int > last_day %}
        {% do exceptions.raise_compiler_error(
            "as_of is '" ~ value ~ "': expected a date or a time in UTC, as in"
            ~ " --vars '{as_of: \"2013-10-01\"}' or '{as_of: \"2013-10-01 06:00\"}'."
        ) %}
    {% endif %}
    {% do return("timestamp '" ~ text ~ "'") %}
{% endmacro %}


{#-
    Whether a delivered fact was known at the clock: the one home of the rule. Every model
    that reads bronze applies it to what it hands on; without as_of all that was delivered
    is known. A fact that was corrected before it could be known never was.
-#}
{% macro is_known(known_at) -%}
    {{ known_at }} < coalesce(superseded_at, timestamp '9999-01-01')
    {%- if as_of() is not none %} and {{ known_at }} < {{ as_of() }}{% endif -%}
{%- endmacro %}


{#- When a fact became known: naturally, or by the correction that delivered it later. -#}
{% macro known_at(natural) -%}
    {{ later_of('delivered_at', natural) }}
{%- endmacro %}


{#- The date of the correction a file is, from its name: null for an ordinary file. -#}
{% macro correction_date(file) -%}
    {{ dbt.safe_cast("replace(" ~ dbt.split_part(file, "'@'", 2) ~ ", '.csv', '')", "timestamp") }}
{%- endmacro %}


{#- Columns of a fact, and when it became known, null unless it was known at the clock. -#}
{% macro where_known(known_at, columns) -%}
    {%- for column in columns + [known_at] -%}
    case when {{ is_known(known_at) }} then {{ column }} end as {{ column }}{{ ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#-
    A lake holds one past. It may be carried forward, but rows that were not known at an
    earlier clock cannot be taken back out of what was trained and published.
-#}
{% macro refuse_to_go_back() %}
    {% if not execute or as_of() is none or flags.FULL_REFRESH or flags.WHICH not in ['build', 'run'] %}
        {% do return('') %}
    {% endif %}
    {% set clock = adapter.get_relation(target.database, 'gold', 'clock') %}
    {% if clock is not none %}
        {% set later = run_query('select clock_at from ' ~ clock ~ ' where clock_at > ' ~ as_of()) %}
        {% if later | length %}
            {% do exceptions.raise_compiler_error(
                "as_of is " ~ as_of() ~ ", but the clock of this lake stands at " ~ later[0][0]
                ~ ": it already holds later rows. Build into an empty lake (GOLDLEAF_LAKE=<folder>),"
                ~ " or add --full-refresh to build this one anew as of then."
            ) %}
        {% endif %}
    {% endif %}
{% endmacro %}
