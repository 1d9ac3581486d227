{#-
    What predictions are sliced by: the problem's groups and the features of its dataset.
    Mappings of name, is_group and is_number; none in unit tests.
-#}
{% macro sliced_columns(problem) %}
    {% set columns = [] %}
    {% set declared = declaration(problem) %}
    {% set groups = declared.get('groups', []) %}
    {% for node in datasets_of(problem) %}
        {% for name in (groups + repeated_features(node)) | unique %}
            {% set is_name = name in groups + declared.get('categorical', [])
                or node.columns[name].data_type in ['varchar', 'boolean'] %}
            {% do columns.append({'name': name, 'is_group': name in groups, 'is_number': not is_name}) %}
        {% endfor %}
    {% endfor %}
    {% do return(columns) %}
{% endmacro %}


{#- Slices are of the last 13 weeks: what was bad once and is no more is of no use. -#}
{% macro is_sliced(prediction_at, clock_at) -%}
    {{ prediction_at }} >= {{ clock_at }} - to_days(91)
{%- endmacro %}


{#- Slices of two columns are those of so many that matter most, two of them at a time. -#}
{% macro paired_columns() %}{% do return(8) %}{% endmacro %}


{#-
    One row per column of a relation: of a number its quintiles, and what the slices of
    the column are called; `null` is the first. Between two quintiles lies a bin that the
    upper one belongs to; a value that is two of them, as no rain is, has a bin of its own.
-#}
{% macro column_slices(relation, columns) -%}
    {{ return(adapter.dispatch('column_slices')(relation, columns)) }}
{%- endmacro %}

{% macro duckdb__column_slices(relation, columns) -%}
    select
                column_name,
                found.edges,
                list_concat(['null'], coalesce(found.names, list_transform(
                    range(0, 5),
                    lambda bin: case
                        when found.edges[bin] = found.edges[bin + 1]
                            then cast(found.edges[bin] as varchar)
                        else
                            '(' || coalesce(cast(found.edges[bin] as varchar), '-inf')
                            || ', ' || coalesce(cast(found.edges[bin + 1] as varchar), 'inf')
                            || case
                                when coalesce(found.edges[bin + 1] < found.edges[bin + 2], bin = 3)
                                    then ']'
                                else ')'
                            end
                    end
                ))) as slice_values
            from (
                unpivot (
                    select
                        {%- for column in columns %}
                        {% if column.is_number -%}
                        {
                            'edges': quantile_disc(
                                cast({{ column.name }} as double), [0.2, 0.4, 0.6, 0.8]
                            ),
                            'names': cast(null as varchar[])
                        }
                        {%- else -%}
                        {
                            'edges': cast(null as double[]),
                            'names': coalesce(
                                map_keys(histogram(cast({{ column.name }} as varchar))), []
                            )
                        }
                        {%- endif %} as {{ column.name }}{{ ',' if not loop.last }}
                        {%- endfor %}
                    from {{ relation }}
                ) on columns(*) into name column_name value found
            )
{%- endmacro %}


{#-
    One row with what `slices` needs of slice_columns: for a number its quintiles,
    for a name the slices there are, and the columns that are paired.
-#}
{% macro bounds_of_slices(slice_columns, columns) -%}
    select
                {%- for column in columns %}
                {%- set place = loop.index %}
                {%- if column.is_number %}
                {%- for edge in range(1, 5) %}
                max(case when place = {{ place }} then edges[{{ edge }}] end) as edge_{{ place }}_{{ edge }},
                {%- endfor %}
                {%- else %}
                max(case when place = {{ place }} then slice_values end) as names_{{ place }},
                {%- endif %}
                {%- endfor %}
                array_agg(place order by place) filter (where is_paired) as paired
            from {{ slice_columns }}
{%- endmacro %}


{#-
    The slices that a row is in, as pairs of members: of no column (0, 0), of one (member,
    0), of two.

    members: list as members_of_columns gives it.
    paired: list of the places of the columns that are paired; where there are fewer than
        paired_columns, some slices are of null.
-#}
{% macro slices(members, paired) -%}
    {{ return(adapter.dispatch('slices')(members, paired)) }}
{%- endmacro %}

{% macro duckdb__slices(members, paired) -%}
    {%- set most = paired_columns() -%}
    list_concat(
                [{'first_member': 0, 'second_member': 0}],
                list_transform(
                    {{ members }},
                    lambda member: {'first_member': member, 'second_member': 0}
                ),
                [
                    {%- for first in range(1, most) %}
                    {%- for second in range(first + 1, most + 1) %}
                    {
                        'first_member': {{ members }}[{{ paired }}[{{ first }}]],
                        'second_member': {{ members }}[{{ paired }}[{{ second }}]]
                    }{{ ',' if not (first == most - 1 and loop.last) }}
                    {%- endfor %}
                    {%- endfor %}
                ]
            )
{%- endmacro %}


{#- What tells one slice of one column from all others; `null` has number 1. -#}
{% macro member(place, number) -%}
    cast({{ place }} * 1000000 + {{ number }} as integer)
{%- endmacro %}


{#- The member of each column that a row of `dataset` has, by the bins of column_slices. -#}
{% macro members_of_columns(columns, bounds) -%}
    [
                {%- for column in columns %}
                {%- set value = 'dataset.' ~ column.name %}
                {%- set place = loop.index %}
                {%- set number %}
                {%- if column.is_number %} case
                    when {{ value }} is null then 1
                    else
                        2
                        {%- for edge in range(1, 5) %}
                        {%- set here = bounds ~ '.edge_' ~ place ~ '_' ~ edge %}
                        {%- set before = bounds ~ '.edge_' ~ place ~ '_' ~ (edge - 1) %}
                        + cast(
                            {{ value }} > {{ here }}
                            {%- if edge > 1 %} or ({{ value }} = {{ here }} and {{ here }} = {{ before }}){% endif %}
                            as integer
                        )
                        {%- endfor %}
                end
                {%- else %} coalesce(
                    list_position({{ bounds }}.names_{{ place }}, cast({{ value }} as varchar)), 1
                )
                {%- endif %}
                {%- endset %}
                {{ member(place, number) }}{{ ',' if not loop.last }}
                {%- endfor %}
            ]
{%- endmacro %}
