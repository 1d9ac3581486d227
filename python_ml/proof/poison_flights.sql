-- Delivered flights with another future: of each flight, what was known before the
-- cut-off stays as it was delivered, and all that became known at the cut-off or later is
-- drawn anew. Written apart from the project's own models, so that a fault in when they
-- think something was known cannot hide here as well.
create temp table poisoned_flights as
with

timed as (

    select
        flights.*,
        delivered_at(file) as delivered_at,
        concat_ws('|', year, month, day, carrier, flight, origin) as flight_key,
        dep_time is null as was_cancelled,
        dep_time is not null and arr_delay is null as was_diverted,
        airport_codes.tzone as zone,
        try_cast(time_hour as timestamp)
        + to_minutes(try_cast(sched_dep_time as integer) % 100) as scheduled_at
    from flights
    left join airport_codes on flights.dest = airport_codes.faa

),

-- The scheduled arrival is the first moment after departure at which the clocks of the
-- destination show it.
with_arrival as (

    select
        timed.*,
        in_zone(scheduled_at, zone) as departure_local,
        date_trunc('day', in_zone(scheduled_at, zone))
        + to_minutes(minutes_of_clock(sched_arr_time)) as arrival_local
    from timed

),

clocked as (

    select
        * exclude (departure_local, arrival_local),
        timezone('UTC', timezone(zone, case
            when arrival_local > departure_local then arrival_local
            else arrival_local + interval 1 day
        end)) as scheduled_arrival_at
    from with_arrival

),

known as (

    select
        *,
        is_known(
            scheduled_at - to_days(getvariable('schedule_known_days')), delivered_at
        ) as schedule_known,
        is_known(
            scheduled_at - to_minutes(getvariable('aircraft_assigned_minutes')),
            delivered_at
        ) as aircraft_known,
        is_known(case
            when was_cancelled
                then
                    scheduled_at
                    + to_minutes(getvariable('cancellation_known_minutes'))
            else scheduled_at + to_minutes(try_cast(dep_delay as integer))
        end, delivered_at) as departure_known,
        is_known(case
            when was_cancelled
                then
                    scheduled_at
                    + to_minutes(getvariable('cancellation_known_minutes'))
            when was_diverted
                then
                    scheduled_arrival_at
                    + to_minutes(getvariable('cancellation_known_minutes'))
            else scheduled_arrival_at + to_minutes(try_cast(arr_delay as integer))
        end, delivered_at) as arrival_known
    from clocked

),

-- What no instant can be read from stays as it is, like what was known to its end.
future as (

    select
        *,
        file as poisoned_file,
        getvariable('cutoff_at') as earliest_at,
        not schedule_known as is_rescheduled
    from known
    where not arrival_known or not departure_known

),

-- Corrections that come later: of flights long over, and flights nobody had heard of.
corrections as (

    select
        * exclude (
            flight, schedule_known, aircraft_known, departure_known, arrival_known
        ),
        case
            when chance(flight_key, 'is added') < 0.2
                then
                    cast(9500 + row_number() over (
                        partition by year, month, day, carrier, origin
                        order by flight_key, delivered_at, file, row_number
                    ) as varchar)
            else flight
        end as flight,
        true as schedule_known,
        false as aircraft_known,
        false as departure_known,
        false as arrival_known,
        getvariable('correction_file') as poisoned_file,
        scheduled_at - interval 15 minute as earliest_at,
        false as is_rescheduled
    from known
    where
        departure_known and arrival_known and chance(flight_key, 'is corrected') < 0.03
    qualify row_number() over (
        partition by flight_key order by delivered_at desc, file desc, row_number desc
    ) = 1

),

added as (

    select
        * exclude (flight),
        cast(9000 + row_number() over (
            partition by year, month, day, carrier, origin
            order by flight_key, delivered_at, file, row_number
        ) as varchar) as flight
    from future
    where not schedule_known and chance(flight_key, 'is added') < 0.1

),

to_poison as (

    select * from future
    where schedule_known or chance(flight_key, 'is removed') >= 0.1
    union all by name
    select * from added
    union all by name
    select * from corrections

),

-- Where the schedule was unknown, the flight of another row; else its own.
other_rows as (

    select
        to_poison.*,
        concat_ws('|', flight_key, flight, poisoned_file, row_number) as poison_key,
        lead(dest, 1, dest) over by_chance as other_dest,
        lead(distance, 1, distance) over by_chance as other_distance,
        lead(zone, 1, zone) over by_chance as other_zone,
        lead(tailnum, 1, tailnum) over by_chance as other_tailnum,
        lead(scheduled_arrival_at - scheduled_at, 1, scheduled_arrival_at - scheduled_at)
            over by_chance as other_duration
    from to_poison
    window by_chance as (
        partition by is_rescheduled
        order by chance(flight_key, 'order'), flight, row_number, file, poisoned_file
    )

),

rescheduled as (

    select
        * replace (
            case when is_rescheduled then other_dest else dest end as dest,
            case when is_rescheduled then other_distance else distance end as distance,
            case when is_rescheduled then other_zone else zone end as zone,
            case
                when aircraft_known then tailnum
                when chance(poison_key, 'has no aircraft') >= 0.05 then other_tailnum
            end as tailnum,
            scheduled_at + to_minutes(delayed_minutes) as scheduled_at,
            case
                when is_rescheduled
                    then scheduled_at + to_minutes(delayed_minutes) + other_duration
                else scheduled_arrival_at
            end as scheduled_arrival_at,
            cast(cast(sched_dep_time as integer) + delayed_minutes as varchar)
                as sched_dep_time,
            cast(cast(minute as integer) + delayed_minutes as varchar) as minute
        )
    from (
        select
            *,
            case
                when is_rescheduled
                    then
                        draw(poison_key, 'minutes later', 59 - cast(sched_dep_time as integer) % 100)
                else 0
            end as delayed_minutes
        from other_rows
    )

),

departed as (

    select
        *,
        case
            when departure_known then was_cancelled
            else
                scheduled_at + to_minutes(getvariable('cancellation_known_minutes'))
                >= earliest_at
                and chance(poison_key, 'is cancelled') < 0.15
        end as is_cancelled,
        minutes_until(earliest_at, scheduled_at) as earliest_delay
    from rescheduled

),

delayed as (

    select
        *,
        case
            when is_cancelled then null
            when departure_known then try_cast(dep_delay as integer)
            -- Some leave at the very instant of the cut-off: no longer known before it.
            when earliest_delay between 0 and 600 and chance(poison_key, 'at once') < 0.2
                then earliest_delay
            else greatest(-15, earliest_delay) + draw(poison_key, 'departure', 240)
        end as departure_delay
    from departed

),

arrived as (

    select
        *,
        case
            when is_cancelled then false
            when arrival_known then was_diverted
            else
                scheduled_arrival_at
                + to_minutes(getvariable('cancellation_known_minutes')) >= earliest_at
                and chance(poison_key, 'is diverted') < 0.03
        end as is_diverted
    from delayed

),

landed as (

    select
        *,
        case
            when is_cancelled or is_diverted then null
            when arrival_known then try_cast(arr_delay as integer)
            else
                greatest(
                    departure_delay - 25,
                    minutes_until(earliest_at, scheduled_arrival_at)
                ) + draw(poison_key, 'arrival', 60)
        end as arrival_delay
    from arrived

),

rendered as (

    select
        * replace (
            poisoned_file as file,
            clock_of(
                scheduled_at + to_minutes(departure_delay),
                getvariable('reporting_time_zone')
            ) as dep_time,
            cast(departure_delay as varchar) as dep_delay,
            case
                when is_rescheduled then clock_of(scheduled_arrival_at, zone)
                else sched_arr_time
            end as sched_arr_time,
            clock_of(scheduled_arrival_at + to_minutes(arrival_delay), zone) as arr_time,
            cast(arrival_delay as varchar) as arr_delay,
            case
                when arrival_delay is not null
                    then cast(30 + draw(poison_key, 'air', 300) as varchar)
            end as air_time
        ),
        chance(poison_key, 'position') as position
    from landed

),

past as (

    select
        *,
        row_number as position
    from known
    where (arrival_known and departure_known) is not false

)

select * from past
union all by name
select * from rendered
