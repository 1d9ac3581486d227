with

typed_flights as (

    select * from {{ ref('typed_flights') }}
    where flight_id is not null and aircraft_known_at is not null

),

assignment_facts as (

    select
        *,
        aircraft_known_at as known_at
    from typed_flights

),

aircraft_assignments as (

    {{ fact_versions('assignment_facts', ['flight_id'], [
        'tail_number',
    ]) }}

)

select * from aircraft_assignments
