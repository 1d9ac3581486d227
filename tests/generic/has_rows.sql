{#- The relation has exactly this many rows. -#}
{% test has_rows(model, rows) %}

select count(*) as found_rows
from {{ model }}
having count(*) <> {{ rows }}

{% endtest %}
