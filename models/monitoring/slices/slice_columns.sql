with

clock as (

    select * from {{ ref('clock') }}

),

importances as (

    select * from {{ ref('importances') }}

),

columns_of_problems as (
    {% for problem in var('problems') %}
        {%- set columns = sliced_columns(problem) %}
        select
            '{{ problem }}' as problem,
            unnest({{ columns | map(attribute='name') | list }}) as column_name,
            unnest(range(1, {{ columns | length }} + 1)) as place,
            unnest({{ columns | map(attribute='is_group') | list }}) as is_group
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

{% for problem in var('problems') %}
    sliced_{{ problem }} as (

        select dataset.*
        from {{ ref(problem ~ '_dataset') }} as dataset
        cross join clock
        where
            dataset.label is not null
            and {{ is_sliced('dataset.prediction_at', 'clock.clock_at') }}

    ),
{% endfor %}

slices_of_columns as (
    {% for problem in var('problems') %}
        select
            '{{ problem }}' as problem,
            column_slices.*
        from (
            {{ column_slices('sliced_' ~ problem, sliced_columns(problem)) }}
        ) as column_slices
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

gains as (

    select
        problem,
        feature as column_name,
        {{ exact_sum('gain_share') }} / count(*) as gain_share
    from importances
    group by problem, feature

),

with_gains as (

    select
        columns_of_problems.*,
        gains.gain_share,
        slices_of_columns.edges,
        slices_of_columns.slice_values
    from columns_of_problems
    left join gains using (problem, column_name)
    left join slices_of_columns using (problem, column_name)

),

slice_columns as (

    select
        problem,
        column_name,
        place,
        is_group,
        gain_share,
        row_number() over (
            partition by problem
            order by is_group desc, gain_share desc nulls last, place asc
        ) <= {{ paired_columns() }} as is_paired,
        edges,
        slice_values
    from with_gains

)

select * from slice_columns
order by problem, place
