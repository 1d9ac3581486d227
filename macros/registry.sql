{#-
    What features.registry is made of: for each column of these feature tables one mapping
    of what the manifest says of it.
-#}
{% macro registered_features(tables) %}
    {% for table in tables %}{% do ref(table) %}{% endfor %}
    {% if not execute %}{% do return([]) %}{% endif %}
    {% set readers = feature_readers() %}
    {% set features = [] %}
    {% for node in feature_tables() %}
        {% if node.name not in tables %}
            {% do exceptions.raise_compiler_error(
                "features.registry: features." ~ node.name ~ " is not among its tables: add it there."
            ) %}
        {% endif %}
        {% set key = grain(node) %}
        {% for column in (node.columns.values() | rejectattr('name', 'in', key + ['known_at', 'version']) | list)[::var('feature_stride')] %}
            {% set made = node.config.meta.get('feature ' ~ column.name, {}) %}
            {% do features.append({
                'feature_table': node.name,
                'feature': column.name,
                'entity': made.get('entity', key | reject('in', ['known_at', 'prediction_at', 'version']) | list) | join(', '),
                'data_type': column.data_type,
                'unit': unit_of(column),
                'phrase': phrase_of(readers, node.name, column, 'phrase'),
                'phrase_if_null': phrase_of(readers, node.name, column, 'phrase_if_null'),
                'trailing_window': made.get('window', 'all so far' if column.name.endswith('_total') else 'latest'),
                'made_from': made.table ~ ': ' ~ made.columns | join(', ') if made else none,
                'description': column.description | trim,
                'owner': graph.groups.values() | selectattr('name', 'eq', node.config.group) | map(attribute='owner.name') | first,
                'used_by': problems_using(readers, node.name, column.name) | join(', '),
            }) %}
        {% endfor %}
    {% endfor %}
    {% do return(features) %}
{% endmacro %}


{#- The models of the layer in the order of their names, but for the registry itself. -#}
{% macro feature_tables() %}
    {% set nodes = [] %}
    {% for node in graph.nodes.values() if node.resource_type == 'model' and node.schema == 'features' and node.name != 'registry' and node.config.materialized != 'ephemeral' %}
        {% do nodes.append(node) %}
    {% endfor %}
    {% do return(nodes | sort(attribute='name')) %}
{% endmacro %}


{#- The columns that name a row, as the test of the grain states them. -#}
{% macro grain(node) %}
    {% for test in graph.nodes.values() if test.attached_node == node.unique_id and test.test_metadata.name == 'unique_by' %}
        {% do return(test.test_metadata.kwargs.columns) %}
    {% endfor %}
    {% do exceptions.raise_compiler_error(
        node.schema ~ "." ~ node.name ~ " states no grain: give it a unique_by test."
    ) %}
{% endmacro %}


{#- The datasets, and the models that say what their features were made from. -#}
{% macro feature_readers() %}
    {% set nodes = [] %}
    {% for node in graph.nodes.values() if node.resource_type == 'model' and (node.name.endswith('_dataset') or 'feature ' in node.config.meta | join(' ')) %}
        {% do nodes.append(node) %}
    {% endfor %}
    {% do return(nodes) %}
{% endmacro %}


{#-
    The problems that use a column of a feature table: it stands in their dataset, or
    something that does was made from it.
-#}
{% macro problems_using(readers, table, column) %}
    {% set problems = [] %}
    {% for node in readers %}
        {% set problem = node.name | replace('_dataset', '') if node.name.endswith('_dataset') %}
        {% if problem and column in node.columns and table in node.refs | map(attribute='name') %}
            {% do problems.append(problem) %}
        {% endif %}
        {% for name, made in node.config.meta.items() if name.startswith('feature ') and made.table == table and column in made.columns %}
            {% do problems.extend([problem] if problem else problems_using(readers, node.name, name[8:])) %}
        {% endfor %}
    {% endfor %}
    {% do return(problems | unique | sort) %}
{% endmacro %}


{#- The features of all datasets, as their contracts state them. -#}
{% macro dataset_features() %}
    {% if not execute %}{% do return([]) %}{% endif %}
    {% set features = [] %}
    {% for node in graph.nodes.values() if node.name.endswith('_dataset') %}
        {% for feature in features_of(node) %}
            {% do features.append({'problem': node.name | replace('_dataset', ''), 'feature': feature}) %}
        {% endfor %}
    {% endfor %}
    {% do return(features) %}
{% endmacro %}


{#- The features of one dataset: what is no key and no label. -#}
{% macro features_of(dataset) %}
    {% do return(dataset.columns | reject('in', grain(dataset) + ['label', 'label_known_at']) | list) %}
{% endmacro %}


{#- Those for which a model repeats its SQL: every one, see `feature_stride`. -#}
{% macro repeated_features(dataset) %}
    {% do return(features_of(dataset)[::var('feature_stride')]) %}
{% endmacro %}


{#-
    What the properties of a column say under this key of its meta. Its placeholders must be
    features of every dataset that has the column, for that is where its reasons come from.
-#}
{% macro phrase_of(readers, table, column, key) %}
    {% set phrase = column.config.get('meta', {}).get(key) %}
    {% set placeholders = modules.re.findall('{(\w+)', phrase or '') %}
    {% for node in readers if node.name.endswith('_dataset') and table in node.refs | map(attribute='name') and column.name in node.columns %}
        {% for name in placeholders if name not in features_of(node) %}
            {% do exceptions.raise_compiler_error(
                "features." ~ table ~ "." ~ column.name ~ ": its " ~ key ~ " names {" ~ name ~ "}, which is no feature of "
                ~ node.schema ~ "." ~ node.name ~ "; that has " ~ features_of(node) | join(', ') ~ "."
            ) %}
        {% endfor %}
    {% endfor %}
    {% do return(phrase) %}
{% endmacro %}


{#- The unit of a column, which its type or its name says. -#}
{% macro unit_of(column) %}
    {% set unit_of_type = {'varchar': 'name', 'boolean': 'yes or no', 'timestamp': 'UTC'} %}
    {% if column.data_type in unit_of_type %}
        {% do return(unit_of_type[column.data_type]) %}
    {% endif %}
    {% set words = modules.re.sub('_\d+[mhd]$', '', column.name).split('_') %}
    {% for word, unit in {
        'number': 'number',
        'week': 'day of the week',
        'minute': 'minutes since midnight',
        'minutes': 'minutes',
        'days': 'days',
        'years': 'years',
        'year': 'year',
        'miles': 'miles',
        'mph': 'miles an hour',
        'inches': 'inches',
        'millibars': 'millibars',
        'degrees': 'degrees',
        'f': 'degrees Fahrenheit',
        'percent': 'percent',
        'share': 'share of 1',
    }.items() if word in words %}
        {% do return(unit) %}
    {% endfor %}
    {% do return('count') %}
{% endmacro %}


{#- Mappings with the same keys as rows of SQL, every value text. -#}
{% macro rows_of(mappings) -%}
    {%- for mapping in mappings %}
    select {% for name, value in mapping.items() %}{{ literal(value) }} as {{ name }}{{ ', ' if not loop.last }}{% endfor %}
    {{- ' union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- A value of the manifest as a literal of SQL. -#}
{% macro literal(value) -%}
    {{ 'null' if value is none else "'" ~ value | replace("'", "''") ~ "'" }}
{%- endmacro %}


{#- One row per feature with the share of its table's rows in which it is null. -#}
{% macro missing_shares(features) -%}
    {%- for table, columns in features | groupby('feature_table') %}
    select '{{ table }}' as feature_table, shares.*
    from ({{ missing_shares_of(ref(table), columns | map(attribute='feature') | list) }}) as shares
    {{- ' union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro missing_shares_of(relation, columns) -%}
    {{ return(adapter.dispatch('missing_shares_of')(relation, columns)) }}
{%- endmacro %}

{% macro duckdb__missing_shares_of(relation, columns) -%}
    unpivot (
        select {% for column in columns %}1 - count({{ column }}) / nullif(count(*), 0) as {{ column }}{{ ', ' if not loop.last }}{% endfor %}
        from {{ relation }}
    ) on {{ columns | join(', ') }} into name feature value missing_share
{%- endmacro %}
