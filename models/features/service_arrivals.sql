with

arrivals as (

    select
        *,
        cast(arrival_delay_minutes >= {{ var('late_minutes') }} as integer)
            as late_arrivals
    from {{ ref('arrivals') }}
    where version = 1

),

service_arrivals as (

    {{ running_totals(
        'arrivals', ['carrier', 'flight_number', 'origin', 'destination'], 'arrivals',
        ['arrival_delay_minutes', 'late_arrivals']
    ) }}

)

select * from service_arrivals
