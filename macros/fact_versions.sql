{#-
    The delivered versions of a fact, numbered from 1.

    facts: a relation with the key, the values, `known_at`, `delivered_at` (null, or the
        date of the correction that brought the row) and the bookkeeping columns of bronze.
    key: the columns that name what the fact is about.
    values: the columns that make a new version when they change.

    Of several deliveries of one date the last one loaded counts; a delivery that changes
    nothing is no version. Most facts are delivered once, and pass straight through.
-#}
{% macro fact_versions(facts, key, values) -%}
    {%- set columns = key + values + ['known_at'] -%}
    with redelivered as (
        select {{ key | join(', ') }}
        from {{ facts }}
        group by {{ key | join(', ') }}
        having count(*) > 1
    ),

    deliveries as (
        select
            *,
            coalesce(delivered_at, timestamp '0001-01-01') as delivery_date,
            {% for value in values -%}
            coalesce(cast({{ value }} as varchar), '~') || '|' {{ '||' if not loop.last }}
            {% endfor %} as delivered_values,
            row_number() over (
                partition by {{ key | join(', ') }}, delivered_at
                order by _batch_id desc, _file desc, _row_number desc
            ) as delivery_number
        from {{ facts }}
        inner join redelivered using ({{ key | join(', ') }})
    ),

    changes as (
        select
            *,
            lag(delivered_values) over (
                partition by {{ key | join(', ') }}
                order by delivery_date
            ) as previous_values
        from deliveries
        where delivery_number = 1
    )

    select
        {{ columns | join(', ') }},
        row_number() over (
            partition by {{ key | join(', ') }}
            order by delivery_date
        ) as version
    from changes
    where delivered_values is distinct from previous_values
    union all
    select
        {% for column in columns %}facts.{{ column }}, {% endfor %}
        1 as version
    from {{ facts }} as facts
    left join redelivered using ({{ key | join(', ') }})
    where redelivered.{{ key[0] }} is null
{%- endmacro %}
