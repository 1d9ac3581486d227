{#-
    The grain: no two rows share these columns, and none of them is null. A column named
    by `or_null` belongs to the grain and may be null.
-#}
{% test unique_by(model, columns, or_null=none) %}
{%- set grain = columns + ([or_null] if or_null else []) %}

select {{ grain | join(', ') }}
from {{ model }}
group by {{ grain | join(', ') }}
having
    count(*) > 1
    {%- for column in columns %}
    or {{ column }} is null
    {%- endfor %}

{% endtest %}
