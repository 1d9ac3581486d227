with

promotions as (

    select * from {{ ref('promotions') }}
    where is_promoted

),

champions as (

    select
        problem,
        champion_id as model_id,
        decided_at as from_at,
        lead(decided_at) over (
            partition by problem
            order by place
        ) as to_at,
        reason
    from promotions

)

select * from champions
order by problem, from_at
