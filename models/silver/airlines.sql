with

airline_codes as (

    select * from {{ ref('airline_codes') }}

),

airlines as (

    select
        carrier,
        name as airline_name,
        {{ always() }} as known_at
    from airline_codes

)

select * from airlines
