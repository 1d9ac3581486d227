{#-
    Run at the end of each build: proves that the catalog lost none of the tables that
    dbt reported as built, and that none was registered under another schema.
-#}
{% macro assert_no_relation_is_lost(results) %}
    {% if not is_build() %}{% do return('') %}{% endif %}
    {% set found = run_query(
        "select schema_name || '.' || table_name from duckdb_tables() where database_name = '" ~ target.database ~ "'"
        ~ " union all select schema_name || '.' || view_name from duckdb_views() where database_name = '" ~ target.database ~ "'"
    ).columns[0].values() %}
    {% set lost = [] %}
    {% for node in built(results) | map(attribute='node') %}
        {% set name = node.schema ~ '.' ~ node.alias %}
        {% if name not in found %}{% do lost.append(name) %}{% endif %}
    {% endfor %}
    {% set strays = [] %}
    {% for name in found if name.startswith(target.schema ~ '.') %}{% do strays.append(name) %}{% endfor %}
    {% if lost or strays %}
        {% do exceptions.raise_compiler_error(
            "The lake's catalog is damaged: built but not found: " ~ lost ~ "; found in schema '"
            ~ target.schema ~ "', where nothing belongs: " ~ strays
            ~ ". Move the lake's folder away and build again; never raise `threads` above 1."
        ) %}
    {% endif %}
{% endmacro %}


{#- Whether the command is one that builds relations, and is past parsing. -#}
{% macro is_build() %}
    {% do return(execute and flags.WHICH in ['build', 'run', 'seed']) %}
{% endmacro %}


{#- The results of the models and seeds that are in the lake after a run. -#}
{% macro built(results) %}
    {% do return(
        results
        | selectattr('status', 'equalto', 'success')
        | selectattr('node.resource_type', 'in', ['model', 'seed'])
        | list
    ) %}
{% endmacro %}


{#-
    Stamps the snapshot that holds a node's new rows with the dbt run that made it and,
    for a table, with what it was built from.
-#}
{% macro stamp_commit() -%}
    {%- if execute and adapter.is_ducklake(this) -%}
    {%- set info = {'invocation_id': invocation_id} -%}
    {%- if model.config.materialized in ['table', 'seed'] -%}
        {%- do info.update(fingerprint=fingerprint()) -%}
    {%- endif -%}
    call {{ this.database }}.set_commit_message(
        'dbt', '{{ model.unique_id }}', extra_info => '{{ tojson(info) }}'
    )
    {%- endif -%}
{%- endmacro %}


{#-
    DuckLake has no comments on the columns of a view. dbt gives the columns that are there:
    what it comes with asks the lake for them once more, 30 ms a table.
-#}
{% macro duckdb__alter_column_comment(relation, column_dict) %}
    {% if not (relation.is_view and adapter.is_ducklake(relation)) %}
        {% for name, column in column_dict.items() %}
            comment on column {{ relation }}.{{ adapter.quote(name) }} is {{ duckdb_escape_comment(column.description) }};
        {% endfor %}
    {% endif %}
{% endmacro %}
