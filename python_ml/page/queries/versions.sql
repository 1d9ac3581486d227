-- Every version, when it was decided about, and how long it was in force.
select
    promotions.problem,
    promotions.challenger_id as model_id,
    strftime(promotions.decided_at, '%Y-%m-%d') as decided_on,
    promotions.is_promoted,
    promotions.reason,
    strftime(champions.from_at, '%Y-%m-%d') as from_on,
    strftime(
        coalesce(champions.to_at, (select max(clock_at) from gold.clock)), '%Y-%m-%d'
    ) as to_on
from ml.promotions as promotions
left join ml.champions as champions
    on
        promotions.challenger_id = champions.model_id
        and promotions.is_promoted
        and champions.from_at = promotions.decided_at
order by promotions.problem, promotions.place
