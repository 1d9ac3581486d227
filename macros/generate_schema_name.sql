{#- The schema is the layer: bronze, silver, gold, features, ml. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
