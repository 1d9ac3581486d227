{{ config(materialized='ephemeral') }}

with

version_order as (

    select * from {{ ref('version_order') }}

),

gate_verdicts as (

    select * from {{ ref('gate_verdicts') }}

),

-- Each version against each earlier one, and against none.
pairs as (

    select
        challengers.problem,
        challengers.model_id,
        incumbents.model_id as compared_with
    from version_order as challengers
    inner join version_order as incumbents
        on
            challengers.problem = incumbents.problem
            and challengers.place > incumbents.place
    union all
    select
        problem,
        model_id,
        '' as compared_with
    from version_order

),

verdicts as (

    select
        pairs.compared_with as incumbent_id,
        gate_verdicts.*,
        gate_verdicts.check_name = 'not_worse_than_champion' as is_comparison,
        gate_verdicts.p_value * count(gate_verdicts.p_value) over of_check
            as p_value_of_check,
        min(gate_verdicts.p_value) over of_check
        * count(gate_verdicts.p_value) over of_check as least_p_value_of_check
    from pairs
    inner join gate_verdicts
        on
            pairs.problem = gate_verdicts.problem
            and pairs.model_id = gate_verdicts.model_id
            and gate_verdicts.compared_with in ('', pairs.compared_with)
    window of_check as (
        partition by
            pairs.model_id,
            pairs.compared_with,
            gate_verdicts.check_name
    )

),

-- Of the 5 % of good versions that may be stopped by accident, half goes to the
-- comparison with the version in force, half to all that a version is asked by itself:
-- one that is sane and yet worse is found by the comparison alone.
halved as (

    select
        *,
        max(cast(is_comparison and p_value is not null as integer)) over of_pair
        + max(cast(not is_comparison and p_value is not null as integer)) over of_pair
            as families
    from verdicts
    window of_pair as (partition by model_id, incumbent_id)

),

ranked as (

    select
        *,
        dense_rank() over (
            partition by model_id, incumbent_id, is_comparison
            order by least_p_value_of_check nulls last, check_name
        ) as check_rank,
        dense_rank() over (
            partition by model_id, incumbent_id, is_comparison
            order by least_p_value_of_check desc nulls last, check_name desc
        ) as checks_left
    from halved

),

-- The more checks, the more one of them fails by accident: Holm's correction for the
-- checks, Bonferroni's for the groups within one.
corrected as (

    select
        *,
        greatest(
            least(1, p_value_of_check * checks_left * families),
            max(least(1, least_p_value_of_check * checks_left * families)) over (
                partition by model_id, incumbent_id, is_comparison
                order by check_rank
            )
        ) as corrected_p_value
    from ranked

),

gate_decisions as (

    select
        problem,
        model_id,
        incumbent_id,
        check_name,
        segment,
        figure,
        bound,
        ci_low,
        ci_high,
        p_value,
        case when p_value is not null then corrected_p_value end as corrected_p_value,
        n,
        passed or coalesce(p_value is not null and corrected_p_value >= 0.05, false)
            as passed
    from corrected

)

select * from gate_decisions
