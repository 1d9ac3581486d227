with

schedules as (

    select * from {{ ref('schedules') }}

),

newest_first as (

    select
        *,
        row_number() over (
            partition by flight_id
            order by version desc
        ) as recency
    from schedules

),

flights as (

    select
        flight_id,
        flight_date_local,
        carrier,
        flight_number,
        origin,
        destination,
        scheduled_departure_at,
        scheduled_departure_local,
        scheduled_arrival_at,
        distance_miles,
        impossible_values,
        known_at
    from newest_first
    where recency = 1

)

select * from flights
