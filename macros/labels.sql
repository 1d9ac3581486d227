{#- The last label of each example that was known at the project's clock. -#}
{% macro labels_at_clock(labels, key) -%}
    select
        {% for column in key %}labels.{{ column }},
        {% endfor -%}
        labels.label,
        labels.label_known_at
    from {{ ref(labels) }} as labels
    inner join {{ ref('clock') }} as clock on labels.label_known_at < clock.clock_at
    qualify row_number() over (
        partition by {% for column in key %}labels.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
        order by labels.label_known_at desc
    ) = 1
{%- endmacro %}


{#-
    Whether a version of a label was the last one known before an instant.

    labels: relation with label_known_at and superseded_at, as ml.labels has them.
-#}
{% macro last_known_before(labels, instant) -%}
    {{ labels }}.label_known_at < {{ instant }}
            and coalesce({{ labels }}.superseded_at, timestamp '9999-01-01') >= {{ instant }}
{%- endmacro %}
