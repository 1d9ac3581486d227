with

typed_flights as (

    select * from {{ ref('typed_flights') }}
    where is_usable and tail_number is not null

),

assignment_facts as (

    select
        *,
        {{ dbt.dateadd(
            'minute', -var('aircraft_assigned_minutes'), 'scheduled_departure_at'
        ) }} as known_at
    from typed_flights

),

aircraft_assignments as (

    {{ known_versions('assignment_facts', ['flight_id'], ['tail_number']) }}

)

select * from aircraft_assignments
