-- Delivered aircraft with another future. The registry was always known; at the cut-off
-- a correction gives a fifth of the aircraft other particulars and adds some new ones.
create temp table poisoned_planes as
with

past as (

    select *
    from planes
    where delivered_at(file) < getvariable('cutoff_at')

),

future as (

    select *
    from planes
    where delivered_at(file) >= getvariable('cutoff_at')

),

corrections as (

    select * replace (getvariable('correction_file') as file)
    from past
    where chance(tailnum, 'is corrected') < 0.2
    qualify row_number() over (
        partition by tailnum order by delivered_at(file) desc, file desc, row_number desc
    ) = 1

),

added as (

    select * replace ('X' || tailnum as tailnum)
    from corrections
    where chance(tailnum, 'is added') < 0.2

),

to_poison as (

    select * from future
    union all by name
    select * from corrections
    union all by name
    select * from added

),

swapped as (

    select
        * replace (
            lead(year, 1, '1970') over by_chance as year,
            lead(model, 1, 'another') over by_chance as model,
            cast(try_cast(seats as integer) % 400 + 7 as varchar) as seats,
            lead(engines, 1, '3') over by_chance as engines
        ),
        chance(concat_ws('|', tailnum, file), 'position') as position
    from to_poison
    window by_chance as (order by chance(tailnum, 'order'), tailnum, file, row_number)

)

select
    *,
    row_number as position
from past
union all by name
select * from swapped
