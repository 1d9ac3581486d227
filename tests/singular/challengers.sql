{{ config(severity='warn') }}
-- A warning, not an error: the newest version failed a check, the one before stays.
with

promotions as (

    select
        *,
        row_number() over (
            partition by problem
            order by place desc
        ) as recency
    from {{ ref('promotions') }}
    where decided_by is null

)

select
    problem,
    challenger_id,
    champion_id,
    reason
from promotions
where recency = 1 and not is_promoted
