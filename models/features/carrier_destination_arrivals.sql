with

arrivals as (

    select
        *,
        cast(arrival_delay_minutes >= {{ var('late_minutes') }} as integer)
            as late_arrivals
    from {{ ref('arrivals') }}
    where version = 1

),

carrier_destination_arrivals as (

    {{ running_totals('arrivals', ['carrier', 'destination'], 'arrivals', [
        'arrival_delay_minutes',
        'late_arrivals',
    ]) }}

)

select * from carrier_destination_arrivals
