with

departures as (

    select * from {{ ref('departures') }}
    where version = 1

),

aircraft_assignments as (

    select * from {{ ref('aircraft_assignments') }}
    where version = 1

),

departures_by_aircraft as (

    select
        aircraft_assignments.tail_number,
        case
            when departures.known_at > aircraft_assignments.known_at
                then departures.known_at
            else aircraft_assignments.known_at
        end as known_at,
        departures.departure_delay_minutes,
        cast(departures.departure_delay_minutes >= {{ var('late_minutes') }} as integer)
            as late_departures
    from departures
    inner join aircraft_assignments
        on departures.flight_id = aircraft_assignments.flight_id

),

aircraft_departures as (

    {{ running_totals('departures_by_aircraft', ['tail_number'], 'departures', [
        'departure_delay_minutes',
        'late_departures',
    ]) }}

)

select * from aircraft_departures
