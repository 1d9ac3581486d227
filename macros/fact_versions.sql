{#-
    Delivered rows with what is known of their delivery: `delivered_at`, `superseded_at`
    (when the next delivery of the same key came) and `delivery_number`.

    delivered: a relation with the key, `corrected_on` (the date in the name of the file,
        null for an ordinary one) and the bookkeeping columns of bronze.
    key: the columns that name what a row is about.

    A first ordinary delivery has no `delivered_at`: its facts were known when they
    happened. An ordinary file that delivers a key again is known from when it was loaded.
    Of rows delivered at one time the last one counts: its `delivery_number` is 1.
-#}
{% macro deliveries(delivered, key) -%}
    {%- set key = key | join(', ') -%}
    with redelivered as (
        select {{ key }}
        from {{ delivered }}
        group by {{ key }}
        having count(*) > 1
    ),

    dated_deliveries as (
        select
            delivered.*,
            case
                when corrected_on is not null then corrected_on
                when _batch_id > min(_batch_id) over (partition by {{ key }}) then _landed_at
            end as delivered_at
        from {{ delivered }} as delivered
        inner join redelivered using ({{ key }})
    ),

    numbered_deliveries as (
        select
            *,
            row_number() over (
                partition by {{ key }}, delivered_at
                order by _batch_id desc, _file desc, _row_number desc
            ) as delivery_number
        from dated_deliveries
    )

    select
        *,
        lead(delivered_at) over (
            partition by {{ key }}, delivery_number
            order by delivered_at nulls first
        ) as superseded_at
    from numbered_deliveries
    union all
    select
        delivered.*,
        delivered.corrected_on as delivered_at,
        1 as delivery_number,
        cast(null as timestamp) as superseded_at
    from {{ delivered }} as delivered
    left join redelivered using ({{ key }})
    where redelivered.{{ key.split(',')[0] }} is null
{%- endmacro %}


{#- Why a row whose `delivery_number` is above 1 has no place in silver. -#}
{% macro repeated_reason() -%}
    'repeated: the last row of those delivered together counts'
{%- endmacro %}


{#-
    The delivered versions of a fact, numbered from 1 in the order in which they became
    known. A delivery that changes nothing is no version. Most facts are delivered once,
    and pass straight through.

    facts: a relation with the key, the values and `known_at`.
    key: the columns that name what the fact is about.
    values: the columns that make a new version when they change.
-#}
{% macro fact_versions(facts, key, values) -%}
    {%- set columns = key + values + ['known_at'] -%}
    {%- set key = key | join(', ') -%}
    with redelivered as (
        select {{ key }}
        from {{ facts }}
        group by {{ key }}
        having count(*) > 1
    ),

    deliveries as (
        select
            *,
            {% for value in values -%}
            coalesce(cast({{ value }} as varchar), '~') || '|' {{ '||' if not loop.last }}
            {% endfor %} as delivered_values
        from {{ facts }}
        inner join redelivered using ({{ key }})
    ),

    changes as (
        select
            *,
            lag(delivered_values) over (
                partition by {{ key }}
                order by known_at
            ) as previous_values
        from deliveries
    )

    select
        {{ columns | join(', ') }},
        row_number() over (
            partition by {{ key }}
            order by known_at
        ) as version
    from changes
    where delivered_values is distinct from previous_values
    union all
    select
        {% for column in columns %}facts.{{ column }}, {% endfor %}
        1 as version
    from {{ facts }} as facts
    left join redelivered using ({{ key }})
    where redelivered.{{ key.split(',')[0] }} is null
{%- endmacro %}
