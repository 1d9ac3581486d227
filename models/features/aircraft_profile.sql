with

aircraft as (

    select * from {{ ref('aircraft') }}

),

aircraft_profile as (

    select
        tail_number,
        known_at,
        manufactured_year,
        seats,
        engines
    from aircraft

)

select * from aircraft_profile
