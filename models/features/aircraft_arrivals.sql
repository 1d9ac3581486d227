with

arrivals as (

    select * from {{ ref('arrivals') }}
    where version = 1

),

aircraft_assignments as (

    select * from {{ ref('aircraft_assignments') }}
    where version = 1

),

arrivals_by_aircraft as (

    select
        aircraft_assignments.tail_number,
        case
            when arrivals.known_at > aircraft_assignments.known_at
                then arrivals.known_at
            else aircraft_assignments.known_at
        end as known_at,
        arrivals.arrival_delay_minutes,
        cast(arrivals.arrival_delay_minutes >= {{ var('late_minutes') }} as integer)
            as late_arrivals
    from arrivals
    inner join aircraft_assignments
        on arrivals.flight_id = aircraft_assignments.flight_id

),

aircraft_arrivals as (

    {{ running_totals('arrivals_by_aircraft', ['tail_number'], 'arrivals', [
        'arrival_delay_minutes',
        'late_arrivals',
    ]) }}

)

select * from aircraft_arrivals
