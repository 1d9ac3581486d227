-- Delivered weather with another future: hours that were over before the cut-off stay,
-- every later one is some other hour of its station, is missing, or is new.
create temp table poisoned_weather as
with

timed as (

    select
        *,
        try_cast(time_hour as timestamp) as hour_at,
        is_known(
            try_cast(time_hour as timestamp) + interval 1 hour, delivered_at(file)
        ) as hour_known,
        concat_ws('|', origin, time_hour) as hour_key
    from weather

),

past as (

    select * from timed
    where hour_known is not false

),

future as (

    select * from timed
    where not hour_known and chance(hour_key, 'is removed') >= 0.1

),

-- Hours after the last one that was delivered.
added as (

    select * replace (
        strftime(hour_at + interval 48 hour, '%Y-%m-%dT%H:%M:%SZ') as time_hour
    )
    from timed, (select max(hour_at) as last_at from timed)
    where hour_at > last_at - interval 48 hour
    qualify row_number() over (
        partition by hour_key order by file desc, row_number desc
    ) = 1

),

corrections as (

    select * replace (getvariable('correction_file') as file)
    from past
    where chance(hour_key, 'is corrected') < 0.05
    qualify row_number() over (
        partition by hour_key order by delivered_at(file) desc, file desc, row_number desc
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
            lead(temp, 1, '33.3') over by_chance as temp,
            lead(dewp, 1, '22.2') over by_chance as dewp,
            lead(humid, 1, '11.1') over by_chance as humid,
            lead(wind_dir, 1, '10') over by_chance as wind_dir,
            lead(wind_speed, 1, '3.3') over by_chance as wind_speed,
            lead(wind_gust, 1, '44.4') over by_chance as wind_gust,
            lead(precip, 1, '0.55') over by_chance as precip,
            lead(pressure, 1, '999.9') over by_chance as pressure,
            lead(visib, 1, '5.5') over by_chance as visib
        ),
        chance(concat_ws('|', hour_key, time_hour, file), 'position') as position
    from to_poison
    window by_chance as (
        partition by origin order by chance(hour_key, 'order'), time_hour, row_number, file
    )

)

select
    *,
    row_number as position
from past
union all by name
select * from swapped
