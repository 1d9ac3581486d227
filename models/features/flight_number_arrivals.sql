with

arrivals as (

    select
        *,
        cast(arrival_delay_minutes >= {{ var('late_minutes') }} as integer)
            as late_arrivals
    from {{ ref('arrivals') }}
    where version = 1

),

flight_number_arrivals as (

    {{ running_totals('arrivals', ['carrier', 'flight_number'], 'arrivals', [
        'arrival_delay_minutes',
        'late_arrivals',
    ]) }}

)

select * from flight_number_arrivals
