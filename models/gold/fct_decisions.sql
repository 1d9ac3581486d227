with

decisions as (

    select * from {{ ref('decisions') }}

),

fct_decisions as (

    select
        problem,
        decided_at,
        version,
        model_id,
        action,
        decided_by,
        reason,
        known_at
    from decisions

)

select * from fct_decisions
