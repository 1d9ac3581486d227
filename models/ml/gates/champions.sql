with

promotions as (

    select * from {{ ref('promotions') }}
    where is_promoted

),

periods as (

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

),

-- Of versions that are available at the same instant only the last was ever in force.
champions as (

    select * from periods
    where to_at is null or from_at < to_at

)

select * from champions
order by problem, from_at
