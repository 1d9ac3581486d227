{%- set least_examples = 100 %}
{%- set least_share = 0.01 %}

with

slice_columns as (

    select * from {{ ref('slice_columns') }}

),

sliced_examples as (

    select * from {{ ref('sliced_examples') }}

),

-- Every example stands in all of its slices.
members as (

    select
        problem,
        resampling_day,
        loss,
        baseline_loss,
        unnest(slices) as slice
    from sliced_examples

),

days as (

    select
        members.problem,
        members.slice.first_member,
        members.slice.second_member,
        members.resampling_day,
        count(*) as n,
        {{ exact_sum('members.loss') }} as loss,
        {{ exact_sum('members.baseline_loss') }} as baseline_loss
    from members
    group by
        members.problem,
        members.slice.first_member,
        members.slice.second_member,
        members.resampling_day

),

sizes as (

    select
        problem,
        first_member,
        second_member,
        sum(n) as n,
        max(sum(n)) over (partition by problem) as n_of_all
    from days
    group by problem, first_member, second_member

),

parts as (

    select
        problem,
        {{ member('place', 'number') }} as member,
        column_name || '=' || slice_value as part
    from (
        select
            problem,
            place,
            column_name,
            unnest(range(1, len(slice_values) + 1)) as number,
            unnest(slice_values) as slice_value
        from slice_columns
    ) as numbered
    union all
    select distinct
        problem,
        0 as member,
        cast(null as varchar) as part
    from slice_columns

),

slices as (

    select
        sizes.problem,
        sizes.first_member,
        sizes.second_member,
        first_parts.part as first_part,
        second_parts.part as second_part
    from sizes
    inner join parts as first_parts
        on
            sizes.problem = first_parts.problem
            and sizes.first_member = first_parts.member
    inner join parts as second_parts
        on
            sizes.problem = second_parts.problem
            and sizes.second_member = second_parts.member
    where
        sizes.n >= {{ least_examples }}
        and sizes.n >= {{ least_share }} * sizes.n_of_all

),

slice_days as (

    select
        slices.problem,
        coalesce(
            slices.first_part || ' & ' || slices.second_part, slices.first_part, 'all'
        ) as slice,
        slices.first_part,
        slices.second_part,
        days.resampling_day,
        cast(days.n as bigint) as n,
        days.loss,
        days.baseline_loss
    from slices
    inner join days
        on
            slices.problem = days.problem
            and slices.first_member = days.first_member
            and slices.second_member = days.second_member

)

select * from slice_days
order by problem, slice, resampling_day
