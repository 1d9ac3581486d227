with

airport_codes as (

    select * from {{ ref('airport_codes') }}

),

airports as (

    select
        faa as airport,
        name as airport_name,
        lat as latitude_degrees,
        lon as longitude_degrees,
        alt as altitude_feet,
        tzone as time_zone,
        row_source = 'added' as is_added,
        {{ always() }} as known_at
    from airport_codes

)

select * from airports
