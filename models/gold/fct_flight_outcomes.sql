with

arrivals as (

    select * from {{ ref('arrivals') }}

),

cancellations as (

    select * from {{ ref('cancellations') }}

),

diversions as (

    select * from {{ ref('diversions') }}

),

fct_flight_outcomes as (

    select
        flight_id,
        'arrived' as outcome,
        event_at,
        known_at,
        arrival_delay_minutes,
        arrival_delay_minutes >= {{ var('late_minutes') }} as is_late
    from arrivals
    union all
    select
        flight_id,
        'cancelled' as outcome,
        event_at,
        known_at,
        cast(null as integer) as arrival_delay_minutes,
        cast(null as boolean) as is_late
    from cancellations
    union all
    select
        flight_id,
        'diverted' as outcome,
        event_at,
        known_at,
        cast(null as integer) as arrival_delay_minutes,
        cast(null as boolean) as is_late
    from diversions

)

select * from fct_flight_outcomes
