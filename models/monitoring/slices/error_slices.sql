{%- set least_days = 10 %}

with

slice_comparisons as (

    select * from {{ ref('slice_comparisons') }}

),

deviations as (

    select
        *,
        case
            when effective_days >= {{ least_days }}
                then {{ normal_of_t('t', '(effective_days - 1)') }}
        end as z
    from slice_comparisons

),

-- A slice of two columns is worse only if it is worse in each comparison.
tested as (

    select
        problem,
        slice,
        max({{ normal_tail('z') }}) as p_value
    from deviations
    group by problem, slice
    having count(z) = count(*)

),

ranked as (

    select
        *,
        count(*) over (partition by problem) as slices_tried,
        row_number() over (
            partition by problem
            order by p_value, slice
        ) as p_value_rank
    from tested

),

-- The more slices, the more of them look bad by accident: Holm's correction.
corrected as (

    select
        *,
        max(least(1, p_value * (slices_tried - p_value_rank + 1))) over (
            partition by problem
            order by p_value_rank
        ) as corrected_p_value
    from ranked

),

error_slices as (

    select
        corrected.problem,
        row_number() over (
            partition by corrected.problem
            order by
                slice_comparisons.loss / nullif(slice_comparisons.rest_loss, 0) desc,
                corrected.slice
        ) as place,
        corrected.slice,
        slice_comparisons.n,
        slice_comparisons.n / (slice_comparisons.n + slice_comparisons.rest_n) as share,
        slice_comparisons.days,
        slice_comparisons.loss,
        slice_comparisons.rest_loss as loss_elsewhere,
        slice_comparisons.loss / nullif(slice_comparisons.rest_loss, 0) as lift,
        slice_comparisons.baseline_loss,
        corrected.p_value,
        corrected.corrected_p_value,
        corrected.slices_tried
    from corrected
    inner join slice_comparisons
        on
            corrected.problem = slice_comparisons.problem
            and corrected.slice = slice_comparisons.slice
            and slice_comparisons.whole = 'all'
    where corrected.corrected_p_value < 0.05

)

select * from error_slices
order by problem, place
