with

schedules as (

    select
        *,
        {{ dbt.date_trunc('hour', 'scheduled_departure_at') }} as scheduled_hour_at
    from {{ ref('schedules') }}
    where version = 1

),

origin_scheduled_departures as (

    {{ running_totals(
        'schedules', ['origin', 'scheduled_hour_at'], 'scheduled_departures', []
    ) }}

)

select * from origin_scheduled_departures
