{#-
    The clock of the project, as a SQL timestamp, or none when nobody set it:
    dbt build --vars '{as_of: "2013-10-01"}'. A date is midnight UTC.
-#}
{% macro as_of() %}
    {% set value = var('as_of', none) %}
    {% if value is none %}{% do return(none) %}{% endif %}
    {% set pattern = '\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?' %}
    {% if not modules.re.fullmatch(pattern, value | string) %}
        {% do exceptions.raise_compiler_error(
            "as_of is '" ~ value ~ "': expected a date or a time in UTC, as in"
            ~ " --vars '{as_of: \"2013-10-01\"}' or '{as_of: \"2013-10-01 06:00\"}'."
        ) %}
    {% endif %}
    {% do return("timestamp '" ~ (value | string | replace('T', ' ')) ~ "'") %}
{% endmacro %}


{#-
    The delivered versions of a fact that were known at the clock: the one home of as_of.

    facts: a relation with the key, the values, `known_at` (when a careful operator could
        first have known the values, had they been delivered at once) and `delivered_at`
        (null, or the date of the correction that brought them), and the bookkeeping
        columns of bronze, which order deliveries of the same date.
    key: the columns that name what the fact is about.
    values: the columns that make a new version when they change.

    Of several deliveries of one date the last one loaded counts. A correction is known
    from its date; a delivery that changes nothing is no version.
-#}
{% macro known_versions(facts, key, values) -%}
    with deliveries as (
        select
            *,
            concat_ws('|', {% for value in values %}coalesce(cast({{ value }} as varchar), '~'){{ ', ' if not loop.last }}{% endfor %}) as delivered_values,
            row_number() over (
                partition by {{ key | join(', ') }}, delivered_at
                order by _batch_id desc, _file desc, _row_number desc
            ) as delivery_number
        from {{ facts }}
    ),

    changes as (
        select
            *,
            lag(delivered_values) over (
                partition by {{ key | join(', ') }}
                order by coalesce(delivered_at, timestamp '0001-01-01')
            ) as previous_values
        from deliveries
        where delivery_number = 1
    ),

    versions as (
        select
            {{ key | join(', ') }},
            {{ values | join(', ') }},
            case when delivered_at > known_at then delivered_at else known_at end as known_at,
            row_number() over (
                partition by {{ key | join(', ') }}
                order by coalesce(delivered_at, timestamp '0001-01-01')
            ) as version
        from changes
        where delivered_values is distinct from previous_values
    )

    select * from versions
    {% if as_of() is not none -%}
    where known_at < {{ as_of() }}
    {%- endif %}
{%- endmacro %}


{#- The date of the correction a file is, from its name: null for an ordinary file. -#}
{% macro correction_date(file) -%}
    {{ dbt.safe_cast("replace(" ~ dbt.split_part(file, "'@'", 2) ~ ", '.csv', '')", "timestamp") }}
{%- endmacro %}
