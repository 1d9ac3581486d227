{{ config(materialized='ephemeral') }}

with

departures as (

    select * from {{ ref('departures') }}
    where version = 1

),

departure_events as (

    select
        *,
        cast(departure_delay_minutes >= {{ var('late_minutes') }} as integer)
            as late_departures
    from departures

)

select * from departure_events
