{#-
    A table is rebuilt when its SQL, its properties or the rows it reads changed, and left
    alone otherwise: running a build again is cheap. `dbt build --full-refresh` rebuilds
    all. What a table was built from is its fingerprint, kept with the snapshot that holds
    its rows (see stamp_commit).
-#}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {% if is_unchanged() %}
        {% call noop_statement('main', 'UNCHANGED') %}{% endcall %}
        {{ return({'relations': [this.incorporate(type='table')]}) }}
    {% endif %}
    {{ return(dbt.materialization_table_duckdb()) }}
{% endmaterialization %}


{#-
    dbt drops the table that a new one replaced, and asks the lake to do so even when there
    was none, which takes 35 ms a table. Its cache knows which there are.
-#}
{% macro drop_relation_if_exists(relation) %}
    {% if relation is not none and load_cached_relation(relation) is not none %}
        {{ adapter.drop_relation(relation) }}
    {% endif %}
{% endmacro %}


{% materialization seed, adapter='duckdb' %}
    {% if is_unchanged() %}
        {% do store_result('agate_table', response='OK', agate_table=load_agate_table()) %}
        {% call noop_statement('main', 'UNCHANGED') %}{% endcall %}
        {{ return({'relations': [this.incorporate(type='table')]}) }}
    {% endif %}
    {{ return(dbt.materialization_seed_default()) }}
{% endmaterialization %}


{% macro is_unchanged() %}
    {% if should_full_refresh() or load_cached_relation(this) is none or not adapter.is_ducklake(this) %}
        {% do return(false) %}
    {% endif %}
    {% set built = run_query(
        "select commit_extra_info from " ~ lake_metadata('ducklake_snapshot_changes')
        ~ " where commit_message = '" ~ model.unique_id ~ "' order by snapshot_id desc limit 1"
    ) %}
    {% set found = fromjson(built[0][0], {}) if built | length and built[0][0] else {} %}
    {% do return(found.get('fingerprint') == fingerprint()) %}
{% endmacro %}


{#- A hash of all that decides the rows and comments of a table or seed. -#}
{% macro fingerprint() %}
    {% set parts = [
        model.checksum.checksum if model.resource_type == 'seed' else compiled_code,
        model.description,
        tojson(model.columns),
    ] %}
    {% set versions = relation_versions() %}
    {% for parent in tables_read(model) %}
        {% do parts.append(parent ~ '=' ~ versions.get(parent, 'missing')) %}
    {% endfor %}
    {% do return(local_md5(parts | join('\n'))) %}
{% endmacro %}


{#- The tables and views that a node reads, also through ephemeral models and views. -#}
{% macro tables_read(node) %}
    {% set found = [] %}
    {% for parent_id in (node.depends_on.nodes | default([])) | sort if parent_id in graph.nodes %}
        {% set parent = graph.nodes[parent_id] %}
        {% if parent.config.materialized != 'ephemeral' %}
            {% do found.append(parent.schema ~ '.' ~ parent.alias) %}
        {% endif %}
        {% if parent.config.materialized in ['ephemeral', 'view'] %}
            {% do found.extend(tables_read(parent)) %}
        {% endif %}
    {% endfor %}
    {% do return(found) %}
{% endmacro %}


{#- For each table a number that changes with its rows, for each view its definition. -#}
{% macro relation_versions() %}
    {% set rows = run_query(
        "select s.schema_name || '.' || t.table_name, t.table_id || ':' || coalesce(r.next_row_id, 0)"
        ~ " from " ~ lake_metadata('ducklake_table') ~ " as t"
        ~ " join " ~ lake_metadata('ducklake_schema') ~ " as s using (schema_id)"
        ~ " left join " ~ lake_metadata('ducklake_table_stats') ~ " as r using (table_id)"
        ~ " where t.end_snapshot is null and s.end_snapshot is null"
        ~ " union all select schema_name || '.' || view_name, md5(sql) from duckdb_views()"
        ~ " where database_name = '" ~ this.database ~ "'"
    ) %}
    {% do return(dict(zip(rows.columns[0].values(), rows.columns[1].values()))) %}
{% endmacro %}


{% macro lake_metadata(table) -%}
    __ducklake_metadata_{{ target.database }}.{{ table }}
{%- endmacro %}
