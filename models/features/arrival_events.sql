{{ config(materialized='ephemeral') }}

with

arrivals as (

    select * from {{ ref('arrivals') }}
    where version = 1

),

arrival_events as (

    select
        *,
        cast(arrival_delay_minutes >= {{ var('late_minutes') }} as integer)
            as late_arrivals
    from arrivals

)

select * from arrival_events
