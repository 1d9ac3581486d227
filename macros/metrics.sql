{#- Log loss of one prediction, clipped as scikit-learn clips float64. -#}
{% macro log_loss(prediction, label) -%}
    -ln(
        case
            when {{ label }} = 1 then greatest({{ prediction }}, 2.220446049250313e-16)
            else greatest(1 - {{ prediction }}, 2.220446049250313e-16)
        end
    )
{%- endmacro %}


{#-
    A sum of fractions that does not depend on the order of the rows, as a parallel sum of
    floating point numbers does: the same rows give the same bits. Exact to 18 decimals.
-#}
{% macro exact_sum(value) -%}
    cast(sum(cast({{ value }} as decimal(38, 18))) as double)
{%- endmacro %}


{#- A number in [0, 1) that depends on a text alone, the same on every machine. -#}
{% macro uniform_draw(text) -%}
    {{ return(adapter.dispatch('uniform_draw')(text)) }}
{%- endmacro %}

{% macro duckdb__uniform_draw(text) -%}
    cast('0x' || substr(md5({{ text }}), 1, 8) as bigint) / 4294967296.0
{%- endmacro %}
