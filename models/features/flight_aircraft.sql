with

aircraft_assignments as (

    select * from {{ ref('aircraft_assignments') }}

),

flight_aircraft as (

    select
        flight_id,
        known_at,
        tail_number
    from aircraft_assignments

)

select * from flight_aircraft
