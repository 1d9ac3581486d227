with

parsed_flights as (

    select * from {{ ref('parsed_flights') }}

),

airport_codes as (

    select * from {{ ref('airport_codes') }}

),

departures_in_utc as (

    select
        parsed_flights.*,
        airport_codes.tzone as destination_time_zone,
        {{ dbt.dateadd(
            'minute', 'mod(scheduled_departure_minute, 60)', 'scheduled_hour_at'
        ) }} as scheduled_departure_at
    from parsed_flights
    left join airport_codes on parsed_flights.destination = airport_codes.faa

),

-- The scheduled arrival has no date: it is the first moment after departure at which
-- the clocks of the destination show it.
on_destination_clocks as (

    select
        *,
        {{ utc_to_local('scheduled_departure_at', 'destination_time_zone') }}
            as departure_at_destination_local
    from departures_in_utc

),

arrivals_local as (

    select
        *,
        {{ dbt.dateadd(
            'minute',
            'scheduled_arrival_minute',
            dbt.date_trunc('day', 'departure_at_destination_local')
        ) }} as same_day_arrival_local
    from on_destination_clocks

),

arrivals_in_utc as (

    select
        *,
        {{ local_to_utc(
            "case when same_day_arrival_local > departure_at_destination_local"
            ~ " then same_day_arrival_local else "
            ~ dbt.dateadd('day', 1, 'same_day_arrival_local') ~ " end",
            'destination_time_zone'
        ) }} as scheduled_arrival_at
    from arrivals_local

),

dated as (

    select
        *,
        case
            when destination is not null and scheduled_departure_at is not null
                then
                    flight_date_local || '|' || carrier || '|' || flight_number
                    || '|' || origin
        end as flight_id,
        case
            when not is_cancelled
                then
                    {{ dbt.dateadd(
                        'minute', 'departure_delay_minutes', 'scheduled_departure_at'
                    ) }}
        end as departed_at,
        case
            when not is_cancelled
                then
                    {{ dbt.dateadd(
                        'minute', 'arrival_delay_minutes', 'scheduled_arrival_at'
                    ) }}
        end as arrived_at,
        {{ dbt.dateadd(
            'day', -var('schedule_known_days'), 'scheduled_departure_at'
        ) }} as schedule_public_at,
        {{ dbt.dateadd(
            'minute', -var('aircraft_assigned_minutes'), 'scheduled_departure_at'
        ) }} as aircraft_assigned_at,
        {{ dbt.dateadd(
            'minute', var('cancellation_known_minutes'), 'scheduled_departure_at'
        ) }} as cancellation_evident_at,
        {{ dbt.dateadd(
            'minute', var('cancellation_known_minutes'), 'scheduled_arrival_at'
        ) }} as diversion_evident_at
    from arrivals_in_utc

),

delivered as (

    {{ deliveries('dated', ['flight_id']) }}

),

knowable as (

    select
        *,
        case
            when flight_id is not null and delivery_number > 1
                then {{ repeated_reason() }}
            when flight_id is null
                then
                    'no flight: date, carrier, flight, origin, dest, sched_dep_time or '
                    || 'time_hour is missing or impossible'
            when not is_cancelled and departed_at is null
                then
                    'no departure time: dep_delay is missing or impossible '
                    || coalesce(impossible_departure_values, '')
            when not is_cancelled and not is_diverted and arrived_at is null
                then
                    'no arrival time: arr_delay, sched_arr_time or the time zone of '
                    || 'dest is missing or impossible '
                    || coalesce(impossible_arrival_values, '')
        end as rejection,
        {{ known_at('schedule_public_at') }} as schedule_known_at,
        case
            when tail_number is not null then {{ known_at('aircraft_assigned_at') }}
        end as aircraft_known_at,
        {{ known_at('departed_at') }} as departure_known_at,
        {{ known_at('arrived_at') }} as arrival_known_at,
        case when is_cancelled then {{ known_at('cancellation_evident_at') }} end
            as cancellation_known_at,
        case when is_diverted then {{ known_at('diversion_evident_at') }} end
            as diversion_known_at
    from delivered

),

-- Each part of the row as far as it was known at the clock.
typed_flights as (

    select
        case when delivery_number = 1 then flight_id end as flight_id,
        flight_date_local,
        carrier,
        flight_number,
        origin,
        destination,
        scheduled_departure_at,
        scheduled_arrival_at,
        distance_miles,
        impossible_schedule_values,
        {{ where_known('schedule_known_at', []) }},
        {{ where_known('aircraft_known_at', ['tail_number']) }},
        {{ where_known('departure_known_at', [
            'departed_at',
            'departure_delay_minutes',
            'impossible_departure_values',
        ]) }},
        {{ where_known('arrival_known_at', [
            'arrived_at',
            'arrival_delay_minutes',
            'air_time_minutes',
            'impossible_arrival_values',
        ]) }},
        {{ where_known('cancellation_known_at', []) }},
        {{ where_known('diversion_known_at', []) }},
        rejection,
        _file,
        _row_number,
        _batch_id
    from knowable
    where {{ is_known('schedule_known_at') }} or rejection is not null

)

select * from typed_flights
