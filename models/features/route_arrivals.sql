with

arrivals as (

    select
        *,
        cast(arrival_delay_minutes >= {{ var('late_minutes') }} as integer)
            as late_arrivals
    from {{ ref('arrivals') }}
    where version = 1

),

route_arrivals as (

    {{ running_totals('arrivals', ['origin', 'destination'], 'arrivals', [
        'arrival_delay_minutes',
        'late_arrivals',
    ]) }}

)

select * from route_arrivals
