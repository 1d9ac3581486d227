with

arrivals as (

    select
        *,
        cast(arrival_delay_minutes >= {{ var('late_minutes') }} as integer)
            as late_arrivals
    from {{ ref('arrivals') }}
    where version = 1

),

destination_arrivals as (

    {{ running_totals('arrivals', ['destination'], 'arrivals', [
        'arrival_delay_minutes',
        'late_arrivals',
    ]) }}

)

select * from destination_arrivals
