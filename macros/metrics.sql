{#- Log loss of one prediction, clipped as scikit-learn clips float64. -#}
{% macro log_loss(prediction, label) -%}
    -ln(
        case
            when {{ label }} = 1 then greatest({{ prediction }}, 2.220446049250313e-16)
            else greatest(1 - {{ prediction }}, 2.220446049250313e-16)
        end
    )
{%- endmacro %}


{#- A number in [0, 1) that depends on a text alone, the same on every machine. -#}
{% macro uniform_draw(text) -%}
    {{ return(adapter.dispatch('uniform_draw')(text)) }}
{%- endmacro %}

{% macro duckdb__uniform_draw(text) -%}
    cast('0x' || substr(md5({{ text }}), 1, 8) as bigint) / 4294967296.0
{%- endmacro %}
