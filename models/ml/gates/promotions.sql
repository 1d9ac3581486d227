with recursive

promotion_events as (

    select * from {{ ref('promotion_events') }}

),

gate_decisions as (

    select * from {{ ref('gate_decisions') }}

),

outcomes as (

    select
        model_id,
        incumbent_id,
        string_agg(
            distinct check_name, ', ' order by check_name
        ) filter (where not passed) as failed_checks,
        max(figure) filter (where check_name = 'not_worse_than_champion')
            as loss_difference
    from gate_decisions
    group by model_id, incumbent_id

),

-- Event by event: a challenger takes over unless it fails a check; a person's word
-- holds.
promotions as (

    select
        problem,
        cast(0 as bigint) as place,
        cast(null as timestamp) as decided_at,
        '' as challenger_id,
        '' as incumbent_id,
        '' as champion_id,
        cast(null as varchar) as decided_by,
        cast(null as varchar) as reason
    from promotion_events
    where place = 1
    union all
    select
        promotions.problem,
        events.place,
        events.decided_at,
        events.model_id as challenger_id,
        promotions.champion_id as incumbent_id,
        case
            when events.decided_by is not null or outcomes.failed_checks is null
                then events.model_id
            else promotions.champion_id
        end as champion_id,
        events.decided_by,
        case
            when events.decided_by is not null then events.reason
            when outcomes.failed_checks is not null
                then 'failed ' || outcomes.failed_checks
            when promotions.champion_id = ''
                then 'passed every check; none was in force'
            else
                'passed every check; loss on the gate days '
                || cast(
                    cast(100 * outcomes.loss_difference as decimal(9, 2)) as varchar
                ) || ' % from that of ' || promotions.champion_id
        end as reason
    from promotions
    inner join promotion_events as events
        on
            promotions.problem = events.problem
            and events.place = promotions.place + 1
    left join outcomes
        on
            events.model_id = outcomes.model_id
            and promotions.champion_id = outcomes.incumbent_id

)

select
    problem,
    place,
    decided_at,
    challenger_id,
    incumbent_id,
    champion_id,
    champion_id != incumbent_id as is_promoted,
    decided_by,
    reason
from promotions
where place > 0
order by problem, place
