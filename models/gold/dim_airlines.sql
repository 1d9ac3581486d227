with

airlines as (

    select * from {{ ref('airlines') }}

),

dim_airlines as (

    select
        carrier,
        airline_name
    from airlines

)

select * from dim_airlines
