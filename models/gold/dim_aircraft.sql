with

aircraft as (

    select
        *,
        row_number() over (
            partition by tail_number
            order by version desc
        ) as recency
    from {{ ref('aircraft') }}

),

dim_aircraft as (

    select
        tail_number,
        manufactured_year,
        aircraft_type,
        manufacturer,
        model,
        engines,
        seats,
        cruising_speed_mph,
        engine_type
    from aircraft
    where recency = 1

)

select * from dim_aircraft
