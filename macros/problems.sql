{#-
    What a problem declares in its properties file, as `meta` of its Python models. The
    values are checked in ml.problems. Known only when dbt executes, and not in unit tests.
-#}
{% macro declaration(problem) %}
    {% set nodes = graph.get('nodes', {}).values() if execute else [] %}
    {% for node in nodes if node.name == problem ~ '_models' %}
        {% set declared = node.config.meta.get('problem', {}) %}
        {% if declared.get('name') != problem %}
            {% do exceptions.raise_compiler_error(
                node.patch_path ~ ": the problem of " ~ node.name ~ " declares the name '"
                ~ declared.get('name') ~ "': expected '" ~ problem ~ "', as its models are named."
            ) %}
        {% endif %}
        {% do return(declared) %}
    {% endfor %}
    {% if nodes | length %}
        {% do exceptions.raise_compiler_error(
            "problems: '" ~ problem ~ "' in dbt_project.yml has no model " ~ problem
            ~ "_models: write it, or take the problem off the list."
        ) %}
    {% endif %}
    {% do return({}) %}
{% endmacro %}


{#-
    The dataset of a problem as dbt's graph has it, in a list: empty when dbt does not
    execute, and in unit tests.
-#}
{% macro datasets_of(problem) %}
    {% set nodes = graph.get('nodes', {}).values() if execute else [] %}
    {% do return(nodes | selectattr('name', 'equalto', problem ~ '_dataset') | list) %}
{% endmacro %}


{#-
    The rows of one kind of model, such as `scores`, over all problems (`vars: problems`).
    `entity_id` is made from the key of the entity where the model has it in parts.
-#}
{% macro of_all_problems(kind, columns) -%}
    {%- for problem in var('problems') %}
    select
        '{{ problem }}' as problem
        {%- for column in columns %},
        {{ entity_id(problem) if column == 'entity_id' and kind in ['labels', 'dataset'] else column }}
        {%- endfor %}
    from {{ ref(problem ~ '_' ~ kind) }}
    {{- ' union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- The key of an entity as one text, its parts joined by a bar. -#}
{% macro entity_id(problem) -%}
    {{ texts_joined(declaration(problem).get('entity', [])) }} as entity_id
{%- endmacro %}


{#- The values of some columns as one text; '' for none. -#}
{% macro texts_joined(columns) -%}
    {%- for column in columns -%}
    coalesce(cast({{ column }} as varchar), '?'){{ " || '|' || " if not loop.last }}
    {%- else -%}
    ''
    {%- endfor -%}
{%- endmacro %}


{#- The groups that an example is in: `all`, and name=value for each column. -#}
{% macro segments(columns) -%}
    [
                'all'
                {%- for column in columns %},
                '{{ column }}=' || {{ texts_joined([column]) }}
                {%- endfor %}
            ]
{%- endmacro %}


{#- What the declaration of a trained version says under a key; null for nothing. -#}
{% macro declared_value(declaration, key) -%}
    {{ return(adapter.dispatch('declared_value')(declaration, key)) }}
{%- endmacro %}

{% macro duckdb__declared_value(declaration, key) -%}
    json_extract_string({{ declaration }}, '$.{{ key }}')
{%- endmacro %}


{#- Which share of its features a row of the problem's dataset lacks. -#}
{% macro missing_share_of_features(problem) -%}
    {%- set features = [] -%}
    {%- for node in datasets_of(problem) -%}
        {%- do features.extend(repeated_features(node)) -%}
    {%- endfor -%}
    (
                0
                {%- for feature in features %}
                + case when {{ feature }} is null then 1 else 0 end
                {%- endfor %}
            ) / {{ [features | length, 1] | max }}
{%- endmacro %}
