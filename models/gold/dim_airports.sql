with

airports as (

    select * from {{ ref('airports') }}

),

dim_airports as (

    select
        airport,
        airport_name,
        latitude_degrees,
        longitude_degrees,
        altitude_feet,
        time_zone,
        is_added
    from airports

)

select * from dim_airports
