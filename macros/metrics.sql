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
    cast(sum({{ exact(value) }}) as double)
{%- endmacro %}


{#- What exact_sum adds; cast once where a value enters many sums. -#}
{% macro exact(value) -%}
    cast({{ value }} as decimal(38, 18))
{%- endmacro %}


{#- The same over the rows that share some columns, beside each of them. -#}
{% macro exact_sum_over(value, columns) -%}
    cast(sum(cast({{ value }} as decimal(38, 18))) over (partition by {{ columns }}) as double)
{%- endmacro %}


{#-
    A number as a multiple of a power of two, 2^-38 of the largest among the rows that share
    some columns: sums of thousands of them are exact in floating point, so that they do
    not depend on the order of the rows either, at a fifth of the cost of exact_sum.
-#}
{% macro exactly_summable(value, columns) -%}
    {%- set unit -%}
    coalesce(
        pow(2, ceil(log2(nullif(max(abs({{ value }})) over (partition by {{ columns }}), 0))) - 38), 1
    )
    {%- endset -%}
    round({{ value }} / {{ unit }}) * {{ unit }}
{%- endmacro %}


{#-
    The same for a number from 0 to 1: a multiple of 2^-30, for sums of millions. Where a
    sum stays below 64, however many they are, 46 bits are as exact.
-#}
{% macro summable_probability(probability, bits=30) -%}
    round({{ probability }} * {{ 2 ** bits }}) / {{ 2 ** bits }}
{%- endmacro %}


{#- The bin, 0 to 9, of one of n values with so many below it: ten bins of equal count. -#}
{% macro equal_count_bin(values_below, n) -%}
    floor(10 * ({{ values_below }}) / {{ n }})
{%- endmacro %}


{#- A number in [0, 1) that depends on a text alone, the same on every machine. -#}
{% macro uniform_draw(text) -%}
    {{ return(adapter.dispatch('uniform_draw')(text)) }}
{%- endmacro %}

{% macro duckdb__uniform_draw(text) -%}
    cast('0x' || substr(md5({{ text }}), 1, 8) as bigint) / 4294967296.0
{%- endmacro %}


{#-
    The smallest of n values in a sorted array that at least this share of them do not
    exceed.
-#}
{% macro quantile_of_sorted(values, n, share) -%}
    {{ values }}[cast(ceil({{ share }} * {{ n }}) as integer)]
{%- endmacro %}


{#- Pinball loss of a quantile: what an honest forecast of that quantile minimises. -#}
{% macro pinball(quantile, label, share) -%}
    case
            when {{ label }} >= {{ quantile }}
                then {{ share }} * ({{ label }} - {{ quantile }})
            else (1 - {{ share }}) * ({{ quantile }} - {{ label }})
        end
{%- endmacro %}


{#- Mean pinball loss of an interval's ends and the median between them. -#}
{% macro interval_pinball(lower, median, upper, label, tail) -%}
    (
            {{ pinball(lower, label, tail) }}
            + {{ pinball(median, label, 0.5) }}
            + {{ pinball(upper, label, '(1 - ' ~ tail ~ ')') }}
        ) / 3
{%- endmacro %}


{#- The loss by which versions are compared, see `metric` in ml.problems. -#}
{% macro loss(metric, prediction, lower, upper, label, tail) -%}
    case {{ metric }}
            when 'log_loss' then {{ log_loss(prediction, label) }}
            when 'brier' then ({{ prediction }} - {{ label }}) * ({{ prediction }} - {{ label }})
            when 'absolute_error' then abs({{ prediction }} - {{ label }})
            else {{ interval_pinball(lower, prediction, upper, label, tail) }}
        end
{%- endmacro %}
