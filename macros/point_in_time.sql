{#-
    The only two ways in which a dataset reads features. Both take a relation of examples
    with a unique key, by default `example_number`, and `prediction_at`, and return one row
    per example: none is lost, none is multiplied. Only rows with known_at < prediction_at
    are ever seen.
-#}


{#-
    The latest known values of a feature table, null when there are none.

    examples: name of a relation with key, entity columns and prediction_at.
    features: name of a feature table with the entity columns and known_at.
    entity: the columns that name the entity, the same in both.
    columns: the columns to return, or a mapping of new names to columns; may be [] with
        minutes_since.
    maximum_age: optional, such as '6h': what was known longer ago counts as unknown.
    minutes_since: optional name of a column: minutes since the values became known.
-#}
{% macro point_in_time_join(examples, features, entity, columns, key=['example_number'], maximum_age=none, minutes_since=none) -%}
    {%- set table, features = features, feature_table(features) -%}
    {%- set columns = columns if columns is mapping else dict(zip(columns, columns)) -%}
    {%- do assert_columns('point_in_time_join', 'features', features, ['known_at'] + entity + columns.values() | list) -%}
    {%- set oldest = window_start('examples.prediction_at', maximum_age, 'point_in_time_join', 'maximum_age') if maximum_age -%}
    {%- set values = {} -%}
    {%- for name, column in columns.items() -%}
        {%- do values.update({name: 'latest.' ~ column}) -%}
        {%- do register_feature(name, table, entity, maximum_age or 'latest', [column]) -%}
    {%- endfor -%}
    {%- if minutes_since -%}
        {%- do values.update({minutes_since: minutes_between('latest.known_at', 'examples.prediction_at')}) -%}
        {%- do register_feature(minutes_since, table, entity, maximum_age or 'latest', ['known_at']) -%}
    {%- endif -%}
    select
        {% for column in key %}examples.{{ column }},
        {% endfor -%}
        {%- for name, value in values.items() %}
        {{ 'case when latest.known_at >= ' ~ oldest ~ ' then ' ~ value ~ ' end' if maximum_age else value }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ examples }} as examples
    {{ latest_known(features, 'latest', entity, 'examples.prediction_at') }}
{%- endmacro %}


{#- The feature table of this name; a relation stands for itself. -#}
{% macro feature_table(name) %}
    {% do return(ref(name) if name is string else name) %}
{% endmacro %}


{#-
    Notes in the manifest what a feature was made from, while dbt parses the model that
    reads it; features.registry is made of these notes.
-#}
{% macro register_feature(name, table, entity, window, columns) %}
    {% do config(meta={'feature ' ~ name: {
        'table': table | string,
        'entity': entity,
        'window': window,
        'columns': columns,
    }}) %}
{% endmacro %}


{#- Minutes from one instant to another, with their fraction. -#}
{% macro minutes_between(earlier, later) -%}
    {{ dbt.datediff(earlier, later, 'second') }} / 60.0
{%- endmacro %}


{#-
    Aggregates over trailing windows [prediction_at - window, prediction_at) on known_at,
    each the difference of two running totals. An empty window has count and sum 0 and a
    null mean or share.

    totals: name of a feature table made by running_totals.
    windows: such as ['3h', '28d']; each is appended to the names of the measures.
    measures: name -> ['count', <total>], ['sum', <total>], or ['mean' or 'share', <total>,
        <total of the count>], without the suffix _total.
-#}
{% macro trailing(examples, totals, entity, windows, measures, key=['example_number']) -%}
    {%- set table, totals = totals, feature_table(totals) -%}
    {%- set totals_read = {} -%}
    {%- for name, measure in measures.items() -%}
        {%- do totals_read.update({name: []}) -%}
        {%- if measure[0] not in ['count', 'sum', 'mean', 'share'] or measure | length != (2 if measure[0] in ['count', 'sum'] else 3) -%}
            {%- do exceptions.raise_compiler_error(
                "trailing: measures: '" ~ name ~ "' is " ~ measure
                ~ ": expected ['count' or 'sum', total] or ['mean' or 'share', total, total of the count]."
            ) -%}
        {%- endif -%}
        {%- for total in measure[1:] -%}
            {%- do totals_read[name].append(total ~ '_total') -%}
        {%- endfor -%}
        {%- do assert_columns('trailing', 'totals', totals, ['known_at'] + totals_read[name] + entity) -%}
    {%- endfor -%}
    select
        {% for column in key %}examples.{{ column }},
        {% endfor -%}
        {%- for window in windows -%}
        {%- set outer_loop = loop -%}
        {%- for name, measure in measures.items() %}
        {%- do register_feature(name ~ '_' ~ window, table, entity, window, totals_read[name]) %}
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
    {{ latest_known(totals, 'before_' ~ window, entity, window_start('examples.prediction_at', window, 'trailing', 'windows')) }}
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
{% macro window_start(instant, window, macro_name, argument) -%}
    {%- if not modules.re.fullmatch('[1-9]\d*[mhd]', window | string) -%}
        {%- do exceptions.raise_compiler_error(
            macro_name ~ ": " ~ argument ~ " is '" ~ window ~ "': expected a positive number of minutes, hours or days, as in '90m', '3h' or '28d'."
        ) -%}
    {%- endif -%}
    {{ dbt.dateadd({'m': 'minute', 'h': 'hour', 'd': 'day'}[window[-1]], '-' ~ window[:-1], instant) }}
{%- endmacro %}


{#- A macro_name's mistake is an error of compilation that names macro, table and column. -#}
{% macro assert_columns(macro_name, argument, relation, columns) %}
    {% if not execute %}{% do return('') %}{% endif %}
    {#- dbt's unit tests have no nodes here. -#}
    {% for node in graph.get('nodes', {}).values() if node.alias == relation.identifier and node.schema == relation.schema %}
        {% for column in columns if column not in node.columns %}
            {% do exceptions.raise_compiler_error(
                macro_name ~ ": " ~ argument ~ " is " ~ relation.schema ~ "." ~ relation.identifier
                ~ ", which has no column '" ~ column ~ "'; it has " ~ node.columns.keys() | join(', ') ~ "."
            ) %}
        {% endfor %}
    {% endfor %}
{% endmacro %}


{#-
    Running totals of events, per entity and known_at: a trailing window is the difference
    of two of them. Integers, so that differences are exact.

    events: a relation with the entity columns, known_at and the summed columns.
    entity: the columns that name the entity; [] for totals over all events.
    count: what one event is called; the column is <count>_total.
    sums: integer columns to add up; each becomes <column>_total.
-#}
{% macro running_totals(events, entity, count, sums) -%}
    with instants as (
        select
            {% for column in entity %}{{ column }}, {% endfor %}known_at,
            count(*) as {{ count }}
            {%- for column in sums %},
            sum({{ column }}) as {{ column }}
            {%- endfor %}
        from {{ events }}
        where {% for column in entity %}{{ column }} is not null and {% endfor %}known_at is not null
        group by {{ (entity + ['known_at']) | join(', ') }}
    )

    select
        {% for column in entity %}{{ column }}, {% endfor %}known_at
        {%- for column in [count] + sums %},
        cast(sum({{ column }}) over (
            {{ 'partition by ' ~ entity | join(', ') if entity }}
            order by known_at
        ) as bigint) as {{ column }}_total
        {%- endfor %}
    from instants
{%- endmacro %}
