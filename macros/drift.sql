{#-
    The features of all datasets, as their contracts state them: problem, feature and
    whether it is a name, not a quantity. None in dbt's unit tests.
-#}
{% macro watched_features() %}
    {% set watched = [] %}
    {% for problem in var('problems') %}
        {% do ref(problem ~ '_dataset') %}
        {% set names = declaration(problem).get('categorical', []) %}
        {% for node in datasets_of(problem) %}
            {% for feature in repeated_features(node) %}
                {% do watched.append({
                    'problem': problem,
                    'feature': feature,
                    'is_category': feature in names or node.columns[feature].data_type == 'varchar',
                }) %}
            {% endfor %}
        {% endfor %}
    {% endfor %}
    {% do return(watched) %}
{% endmacro %}


{#- A number to four significant digits; null where it is not finite. -#}
{% macro to_four_digits(number) -%}
    case
            when {{ number }} = 0 then 0
            when isfinite({{ number }})
                then round({{ number }}, 3 - cast(floor(log10(abs({{ number }}))) as integer))
        end
{%- endmacro %}


{#-
    The log-odds of a distance between 0 and 1. Distances below what chance gives n rows
    are all the same, and 1 is as far from them as n rows can show.
-#}
{% macro log_odds(distance, n) -%}
    {%- set limited = 'least(greatest(' ~ distance ~ ', 1 / sqrt(' ~ n ~ ')), 1 - 0.5 / ' ~ n ~ ')' -%}
    case when {{ distance }} is not null then ln({{ limited }} / (1 - {{ limited }})) end
{%- endmacro %}
