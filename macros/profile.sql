{#-
    Run at the end of each build: keeps in monitoring.profile how each column of the
    lake's tables looks, if that table was built already. Where neither the rows nor the
    SQL that looks at them changed since the last build, the figures stand and are kept
    again.
-#}
{% macro record_profile() -%}
    {%- set profile = load_relation(ref('profile')) -%}
    {%- if is_build() and profile -%}
    {%- set sql_md5 = md5_of_profile_sql() -%}
    {%- set still_right -%}
        from {{ profile }}
        semi join lake_columns using (relation, column_name, rows_snapshot)
        where run_started_at = (select max(run_started_at) from {{ profile }}) and _sql_md5 = '{{ sql_md5 }}'
    {%- endset -%}
    {%- do run_query("create or replace temp table lake_columns as " ~ columns_of_tables(profile)) -%}
    {%- do run_query("create or replace temp table profiled as from " ~ profile ~ " where false") -%}
    {%- set changed = run_query("from lake_columns where relation not in (select relation " ~ still_right ~ ")") -%}
    {%- for columns in columns_at_once(changed.rows) -%}
        {%- do run_query("insert into profiled by name " ~ column_profiles(columns)) -%}
    {%- endfor %}
    insert into {{ profile }} by name
    select * replace (
        '{{ invocation_id }}' as invocation_id,
        timestamp '{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as run_started_at,
        (select max(snapshot_id) from {{ lake_metadata('ducklake_snapshot') }}) as lake_snapshot,
        '{{ sql_md5 }}' as _sql_md5
    )
    from (from profiled union all by name {{ still_right }})
    order by relation, position
    {%- endif -%}
{%- endmacro %}


{#-
    The columns of the lake's tables, each beside about how many rows its table has and
    the snapshot that last changed it, also by deleting rows, which `relation_versions`
    passes over. monitoring.profile itself is left out: it is longer after every build.
-#}
{% macro columns_of_tables(profile) -%}
    with
    changes as (
        select
            snapshot_id,
            unnest(regexp_extract_all(changes_made, '(?:insert|delete)[a-z_]*:([0-9]+)', 1)) as table_id
        from {{ lake_metadata('ducklake_snapshot_changes') }}
    ),
    last_changes as (
        select cast(table_id as bigint) as table_id, max(snapshot_id) as changed_rows
        from changes
        group by all
    ),
    last_columns as (
        select table_id, max(begin_snapshot) as changed_columns
        from {{ lake_metadata('ducklake_column') }}
        group by table_id
    )
    select
        columns.schema_name || '.' || columns.table_name as relation,
        concat('{{ target.database }}."', columns.schema_name, '"."', columns.table_name, '"') as relation_sql,
        coalesce(stats.record_count, 0) as rows,
        greatest(last_changes.changed_rows, last_columns.changed_columns) as rows_snapshot,
        columns.column_name,
        columns.column_index as position,
        columns.data_type
    from {{ lake_metadata('ducklake_table') }} as tables
    inner join {{ lake_metadata('ducklake_schema') }} as schemas using (schema_id)
    inner join last_columns using (table_id)
    left join {{ lake_metadata('ducklake_table_stats') }} as stats using (table_id)
    left join last_changes using (table_id)
    inner join duckdb_columns() as columns
        on
            columns.database_name = '{{ target.database }}'
            and columns.schema_name = schemas.schema_name
            and columns.table_name = tables.table_name
    where
        tables.end_snapshot is null
        and schemas.end_snapshot is null
        and (columns.schema_name, columns.table_name) <> ('{{ profile.schema }}', '{{ profile.identifier }}')
    order by columns.data_type, relation, columns.column_index
{%- endmacro %}


{#-
    Columns by type, as many together as bounds both the memory that a statement takes
    and the time that many small ones do.
-#}
{% macro columns_at_once(columns) %}
    {% set batches = [] %}
    {% for _, of_type in columns | groupby('data_type') %}
        {% set batch = namespace(rows=0) %}
        {% for column in of_type %}
            {% set batch.rows = batch.rows + [column.rows, 100000] | max %}
            {% if loop.first or batch.rows > 4000000 %}
                {% do batches.append([]) %}
                {% set batch.rows = column.rows %}
            {% endif %}
            {% do batches[-1].append(column) %}
        {% endfor %}
    {% endfor %}
    {% do return(batches) %}
{% endmacro %}


{#- Changes when the figures are computed in another way. -#}
{% macro md5_of_profile_sql() %}
    {% set profiles = [] %}
    {% for data_type in ['DOUBLE', 'BIGINT', 'TIMESTAMP', 'BOOLEAN', 'VARCHAR', 'BIGINT[]'] %}
        {% do profiles.append(column_profiles([{'relation_sql': 't', 'column_name': 'x', 'data_type': data_type}])) %}
    {% endfor %}
    {% do return(local_md5(profiles | join)) %}
{% endmacro %}
