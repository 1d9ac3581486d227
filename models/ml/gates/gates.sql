with

version_order as (

    select * from {{ ref('version_order') }}

),

gate_decisions as (

    select * from {{ ref('gate_decisions') }}

),

promotions as (

    select * from {{ ref('promotions') }}
    where decided_by is null

),

gates as (

    select
        gate_decisions.problem,
        gate_decisions.model_id,
        version_order.cutoff_at,
        nullif(gate_decisions.incumbent_id, '') as incumbent_id,
        gate_decisions.check_name,
        gate_decisions.segment,
        gate_decisions.figure,
        gate_decisions.bound,
        gate_decisions.ci_low,
        gate_decisions.ci_high,
        gate_decisions.p_value,
        gate_decisions.corrected_p_value,
        gate_decisions.n,
        gate_decisions.passed
    from gate_decisions
    inner join promotions
        on
            gate_decisions.model_id = promotions.challenger_id
            and gate_decisions.incumbent_id = promotions.incumbent_id
    inner join version_order on gate_decisions.model_id = version_order.model_id

)

select * from gates
order by problem, cutoff_at, model_id, check_name, segment
