{#-
    The only two ways in which a dataset reads features. Both take a relation of examples
    with a unique key, by default `example_number`, and `prediction_at`, and return one row
    per example: none is lost, none is multiplied. Only rows with known_at < prediction_at
    are ever seen.
-#}


{#-
    The latest known values of a feature table, null when there are none.

    examples: name of a relation with key, entity columns and prediction_at.
    features: ref() of a feature table with the entity columns and known_at.
    entity: the columns that name the entity, the same in both.
    columns: the columns to return.
    maximum_age: optional, such as '6h': older values count as unknown.
-#}
{% macro point_in_time_join(examples, features, entity, columns, key=['example_number'], maximum_age=none) -%}
    {%- do assert_columns('point_in_time_join', features, ['known_at'] + entity + columns) -%}
    select
        {% for column in key %}examples.{{ column }},
        {% endfor -%}
        {%- for column in columns %}
        {%- if maximum_age %}
        case
            when latest.known_at >= {{ window_start('examples.prediction_at', maximum_age, 'point_in_time_join') }}
                then latest.{{ column }}
        end as {{ column }}
        {%- else %}
        latest.{{ column }}
        {%- endif %}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ examples }} as examples
    {{ latest_known(features, 'latest', entity, 'examples.prediction_at') }}
{%- endmacro %}


{#-
    Aggregates over trailing windows [prediction_at - window, prediction_at) on known_at,
    each the difference of two running totals. An empty window has count and sum 0 and a
    null mean or share.

    totals: ref() of a feature table made by running_totals.
    windows: such as ['3h', '28d']; each is appended to the names of the measures.
    measures: name -> ['count', <total>], ['sum', <total>], or ['mean' or 'share', <total>,
        <total of the count>], without the suffix _total.
-#}
{% macro trailing(examples, totals, entity, windows, measures, key=['example_number']) -%}
    {%- for name, measure in measures.items() -%}
        {%- if measure[0] not in ['count', 'sum', 'mean', 'share'] or measure | length != (2 if measure[0] in ['count', 'sum'] else 3) -%}
            {%- do exceptions.raise_compiler_error(
                "trailing: measure '" ~ name ~ "' is " ~ measure
                ~ ": expected ['count' or 'sum', total] or ['mean' or 'share', total, total of the count]."
            ) -%}
        {%- endif -%}
        {%- for total in measure[1:] -%}
            {%- do assert_columns('trailing', totals, ['known_at', total ~ '_total'] + entity) -%}
        {%- endfor -%}
    {%- endfor -%}
    select
        {% for column in key %}examples.{{ column }},
        {% endfor -%}
        {%- for window in windows -%}
        {%- set outer_loop = loop -%}
        {%- for name, measure in measures.items() %}
        {% if measure | length == 2 -%}
        {{ total_in_window(measure[1], window) }}
        {%- else -%}
        {{ total_in_window(measure[1], window) }}
            / nullif(cast({{ total_in_window(measure[2], window) }} as double), 0)
        {%- endif %} as {{ name }}_{{ window }}{{ ',' if not (loop.last and outer_loop.last) }}
        {%- endfor -%}
        {%- endfor %}
    from {{ examples }} as examples
    {{ latest_known(totals, 'at_prediction', entity, 'examples.prediction_at') }}
    {%- for window in windows %}
    {{ latest_known(totals, 'before_' ~ window, entity, window_start('examples.prediction_at', window, 'trailing')) }}
    {%- endfor %}
{%- endmacro %}


{% macro total_in_window(total, window) -%}
    (coalesce(at_prediction.{{ total }}_total, 0) - coalesce(before_{{ window }}.{{ total }}_total, 0))
{%- endmacro %}


{#- The last row of each entity known strictly before an instant; null keys match nothing. -#}
{% macro latest_known(relation, alias, entity, instant) -%}
    {{ return(adapter.dispatch('latest_known')(relation, alias, entity, instant)) }}
{%- endmacro %}

{% macro duckdb__latest_known(relation, alias, entity, instant) -%}
    asof left join {{ relation }} as {{ alias }}
        on
            {% for column in entity %}examples.{{ column }} = {{ alias }}.{{ column }}
            and {% endfor %}{{ instant }} > {{ alias }}.known_at
{%- endmacro %}


{#- The instant at which a window such as '90m', '3h' or '28d' begins. -#}
{% macro window_start(instant, window, macro_name) -%}
    {%- if not modules.re.fullmatch('[1-9]\d*[mhd]', window | string) -%}
        {%- do exceptions.raise_compiler_error(
            macro_name ~ ": window '" ~ window ~ "' is not a positive number of minutes, hours or days, as in '90m', '3h', '28d'."
        ) -%}
    {%- endif -%}
    {{ dbt.dateadd({'m': 'minute', 'h': 'hour', 'd': 'day'}[window[-1]], '-' ~ window[:-1], instant) }}
{%- endmacro %}


{#- A macro_name's mistake is an error of compilation that names macro, table and column. -#}
{% macro assert_columns(macro_name, relation, columns) %}
    {% if not execute %}{% do return('') %}{% endif %}
    {% for node in graph.nodes.values() if node.alias == relation.identifier and node.schema == relation.schema %}
        {% for column in columns if column not in node.columns %}
            {% do exceptions.raise_compiler_error(
                macro_name ~ ": " ~ relation.schema ~ "." ~ relation.identifier ~ " has no column '" ~ column
                ~ "'; it has " ~ node.columns.keys() | join(', ') ~ "."
            ) %}
        {% endfor %}
    {% endfor %}
{% endmacro %}


{#-
    Running totals of events, per entity and known_at: a trailing window is the difference
    of two of them. Integers, so that differences are exact.

    events: a relation with the entity columns, known_at and the summed columns.
    count: what one event is called; the column is <count>_total.
    sums: integer columns to add up; each becomes <column>_total.
-#}
{% macro running_totals(events, entity, count, sums) -%}
    with instants as (
        select
            {{ entity | join(', ') }},
            known_at,
            count(*) as {{ count }}
            {%- for column in sums %},
            sum({{ column }}) as {{ column }}
            {%- endfor %}
        from {{ events }}
        where {% for column in entity %}{{ column }} is not null{{ ' and ' if not loop.last }}{% endfor %}
        group by {{ entity | join(', ') }}, known_at
    )

    select
        {{ entity | join(', ') }},
        known_at
        {%- for column in [count] + sums %},
        cast(sum({{ column }}) over (
            partition by {{ entity | join(', ') }}
            order by known_at
        ) as bigint) as {{ column }}_total
        {%- endfor %}
    from instants
{%- endmacro %}
