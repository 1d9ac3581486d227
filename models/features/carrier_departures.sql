with

departures as (

    select
        *,
        cast(departure_delay_minutes >= {{ var('late_minutes') }} as integer)
            as late_departures
    from {{ ref('departures') }}
    where version = 1

),

carrier_departures as (

    {{ running_totals('departures', ['carrier'], 'departures', [
        'departure_delay_minutes',
        'late_departures',
    ]) }}

)

select * from carrier_departures
