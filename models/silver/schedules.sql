with

typed_flights as (

    select * from {{ ref('typed_flights') }}
    where flight_id is not null and schedule_known_at is not null

),

schedule_facts as (

    select
        *,
        {{ utc_to_local('scheduled_departure_at', reporting_time_zone()) }}
            as scheduled_departure_local,
        schedule_known_at as known_at,
        impossible_schedule_values as impossible_values
    from typed_flights

),

schedules as (

    {{ fact_versions('schedule_facts', ['flight_id'], [
        'flight_date_local',
        'carrier',
        'flight_number',
        'origin',
        'destination',
        'scheduled_departure_at',
        'scheduled_departure_local',
        'scheduled_arrival_at',
        'distance_miles',
        'impossible_values',
    ]) }}

)

select * from schedules
