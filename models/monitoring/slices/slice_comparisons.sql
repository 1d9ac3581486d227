with

slice_days as (

    select * from {{ ref('slice_days') }}

),

slices as (

    select distinct
        problem,
        slice,
        first_part,
        second_part
    from slice_days
    where slice <> 'all'

),

-- A slice is compared with the rest of all examples; one of two columns also with the
-- rest of the slice of each, or every part of a bad slice would be one as well.
comparisons as (

    select
        problem,
        slice,
        unnest(
            case
                when second_part is null then ['all']
                else ['all', first_part, second_part]
            end
        ) as whole
    from slices

),

days as (

    select
        comparisons.problem,
        comparisons.slice,
        comparisons.whole,
        wholes.resampling_day,
        coalesce(slice_days.n, 0) as n,
        coalesce(slice_days.loss, 0) as loss,
        coalesce(slice_days.baseline_loss, 0) as baseline_loss,
        wholes.n - coalesce(slice_days.n, 0) as rest_n,
        wholes.loss - coalesce(slice_days.loss, 0) as rest_loss
    from comparisons
    inner join slice_days as wholes
        on
            comparisons.problem = wholes.problem
            and comparisons.whole = wholes.slice
    left join slice_days
        on
            comparisons.problem = slice_days.problem
            and comparisons.slice = slice_days.slice
            and wholes.resampling_day = slice_days.resampling_day

),

means as (

    select
        problem,
        slice,
        whole,
        sum(n) as n,
        sum(rest_n) as rest_n,
        count(*) as days,
        count(*) filter (where n > 0) as days_of_slice,
        {{ exact_sum('loss') }} / sum(n) as loss,
        {{ exact_sum('baseline_loss') }} / sum(n) as baseline_loss,
        {{ exact_sum('rest_loss') }} / nullif(sum(rest_n), 0) as rest_loss,
        least(
            sum(n) * sum(n) / sum(n * n),
            sum(rest_n) * sum(rest_n) / nullif(sum(rest_n * rest_n), 0)
        ) as effective_days
    from days
    group by problem, slice, whole

),

-- The difference of the means moves by the influences of the days; these are
-- independent, examples of one day are not.
variances as (

    select
        days.problem,
        days.slice,
        days.whole,
        {{ exact_sum('influence * influence') }} as variance
    from (
        select
            days.problem,
            days.slice,
            days.whole,
            (days.loss - means.loss * days.n) / means.n
            - (days.rest_loss - means.rest_loss * days.rest_n) / means.rest_n
                as influence
        from days
        inner join means using (problem, slice, whole)
        where means.rest_n > 0
    ) as days
    group by days.problem, days.slice, days.whole

),

slice_comparisons as (

    select
        means.problem,
        means.slice,
        means.whole,
        cast(means.n as bigint) as n,
        cast(means.rest_n as bigint) as rest_n,
        means.days_of_slice as days,
        means.effective_days,
        means.loss,
        means.rest_loss,
        means.baseline_loss,
        (means.loss - means.rest_loss) / nullif(
            sqrt(variances.variance * means.days / nullif(means.days - 1, 0)), 0
        ) as t
    from means
    left join variances using (problem, slice, whole)

)

select * from slice_comparisons
order by problem, slice, whole
