{#-
    No feature is missing because of the outcome: where one is null, on 20 labelled
    examples or more, the rarer label must not be nearly sure. A tail number that is only
    missing on cancelled flights is such a feature; changing the future cannot find it.
-#}
{% test missing_values_do_not_tell_the_label(model, at_most=0.9) %}
{%- set features = [] %}
{%- for node in graph.get('nodes', {}).values() if node.alias == model.identifier and node.schema == model.schema %}
    {%- do features.extend(features_of(node)) %}
{%- endfor %}

with labelled as (
    select
        *,
        label = case when avg(label) over () < 0.5 then 1 else 0 end as is_rarer
    from {{ model }}
    where label is not null
),

missing as (
    {%- for feature in features %}
    select
        '{{ feature }}' as feature,
        count(*) as missing_examples,
        count(*) filter (where is_rarer) as rarer_label_examples
    from labelled
    where {{ feature }} is null
    {{- ' union all' if not loop.last }}
    {%- endfor %}
)

select *
from missing
where missing_examples >= 20 and rarer_label_examples > {{ at_most }} * missing_examples

{% endtest %}
