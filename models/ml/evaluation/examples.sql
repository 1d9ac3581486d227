{{ config(materialized='view') }}

with

examples as (
    {% for problem in var('problems') %}
        select
            '{{ problem }}' as problem,
            {{ entity_id(problem) }},
            prediction_at,
            cast(
                {{ utc_to_local('prediction_at', reporting_time_zone()) }} as date
            ) as resampling_day,
            {{ texts_joined(declaration(problem).get('baseline', [])) }}
                as baseline_cell,
            {{ segments(declaration(problem).get('groups', [])) }} as segments
        from {{ ref(problem ~ '_dataset') }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from examples
