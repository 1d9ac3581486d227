{#-
    Run at the end of each build: keeps in ml.costs what each node took, if that table
    was built already. dbt knows when a node began and ended, the plugin how much memory
    the process had then.
-#}
{% macro record_costs(results) -%}
    {#- Loaded, as under --empty a ref stands for no rows. -#}
    {%- set costs = load_relation(ref('costs')) -%}
    {%- set nodes = built(results) | rejectattr('message', 'equalto', 'UNCHANGED') | list if is_build() -%}
    {%- if costs and nodes -%}
    insert into {{ costs }} by name
    {%- for result in nodes %}
    {%- set node = result.node %}
    select
        '{{ invocation_id }}' as invocation_id,
        timestamp '{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as run_started_at,
        '{{ node.schema }}.{{ node.alias }}' as node,
        '{{ node.resource_type }}' as resource_type,
        cast({{ result.execution_time }} as double) as seconds,
        peak_memory_mb(
            timestamp '{{ result.timing[0].started_at }}', timestamp '{{ result.timing[-1].completed_at }}'
        ) as peak_memory_mb,
        {% if node.config.materialized == 'view' %}null{% else %}(select count(*) from {{ node.relation_name }}){% endif %} as rows
    {{- ' union all' if not loop.last }}
    {%- endfor %}
    {%- endif -%}
{%- endmacro %}
