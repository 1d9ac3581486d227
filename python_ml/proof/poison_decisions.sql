-- Delivered decisions with another future. Those taken before the cut-off stay; of the
-- later ones some are never taken, the others later and for another version of the same
-- problem. From the cut-off on, past decisions are taken anew and corrected.
create temp table poisoned_decisions as
with

timed as (

    select
        *,
        try_cast(try_cast(decided_at as timestamptz) as timestamp) as instant,
        is_known(instant, delivered_at(file)) as decision_known,
        concat_ws('|', problem, decided_at) as decision_key
    from decisions

),

past as (

    select * from timed
    where decision_known

),

future as (

    select * replace (
        instant + to_minutes(1 + draw(decision_key, 'is postponed', 600)) as instant
    )
    from timed
    where not decision_known and chance(decision_key, 'is removed') >= 0.25

),

-- The first of them at the cut-off itself.
added as (

    select * replace (
        getvariable('cutoff_at') + to_hours(
            row_number() over (
                partition by problem order by chance(decision_key, 'is added'), row_number
            ) - 1
        ) as instant,
        'poison.csv' as file
    )
    from timed
    qualify row_number() over (
        partition by problem order by chance(decision_key, 'is added'), row_number
    ) <= 3

),

corrections as (

    select * replace (getvariable('correction_file') as file)
    from past
    where instant is not null and chance(decision_key, 'is corrected') < 0.3
    qualify row_number() over (
        partition by decision_key order by delivered_at(file) desc, file desc, row_number desc
    ) = 1

),

to_poison as (

    select * from future
    union all by name
    select * from added
    union all by name
    select * from corrections

),

swapped as (

    select
        * replace (
            strftime(instant, '%Y-%m-%dT%H:%M:%SZ') as decided_at,
            coalesce(
                lead(model_id) over by_chance, first_value(model_id) over by_chance
            ) as model_id,
            concat_ws(' ', 'another future:', reason) as reason
        )
    from to_poison
    window by_chance as (
        partition by problem order by chance(decision_key, 'order'), file, row_number
    )

)

select
    *,
    row_number as position
from past
union all by name
select
    *,
    row_number as position
from swapped
