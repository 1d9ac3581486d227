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


{#- How far the numbers of some relation reach: 98 % of them, else all, else their size. -#}
{% macro spread(number) -%}
    {%- set ends = 'quantile_disc(' ~ number ~ ', [0.01, 0.99])' -%}
    coalesce(
        nullif({{ ends }}[2] - {{ ends }}[1], 0),
        nullif(max({{ number }}) - min({{ number }}), 0),
        nullif(abs(max({{ number }})), 0),
        1
    )
{%- endmacro %}


{#-
    The log-odds of a distance between 0 and 1. Distances below what chance gives n rows
    are all the same, and 1 is as far from them as n rows can show.
-#}
{% macro log_odds(distance, n) -%}
    {%- set limited = 'least(greatest(' ~ distance ~ ', 1 / sqrt(' ~ n ~ ')), 1 - 0.5 / ' ~ n ~ ')' -%}
    case when {{ distance }} is not null then ln({{ limited }} / (1 - {{ limited }})) end
{%- endmacro %}
