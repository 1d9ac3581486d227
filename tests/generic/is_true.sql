{#- Every row fulfils an expression; a null is not true. -#}
{% test is_true(model, expression) %}

select *
from {{ model }}
where ({{ expression }}) is not true

{% endtest %}
