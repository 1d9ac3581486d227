{{ config(materialized='ephemeral') }}

with

represented_examples as (
    {% for problem in var('problems') %}
        select
            '{{ problem }}' as problem,
            {{ entity_id(problem) }},
            prediction_at,
            {{ segments(declaration(problem).get('groups', [])) }} as segments,
            {{ missing_share_of_features(problem) }} as missing_share
        from {{ ref(problem ~ '_dataset') }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from represented_examples
