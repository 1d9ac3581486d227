with

typed_flights as (

    select * from {{ ref('typed_flights') }}
    where is_usable

),

schedule_facts as (

    select
        *,
        {{ utc_to_local('scheduled_departure_at', "'" ~ var('reporting_time_zone') ~ "'") }}
            as scheduled_departure_local,
        {{ dbt.dateadd(
            'day', -var('schedule_known_days'), 'scheduled_departure_at'
        ) }} as known_at
    from typed_flights

),

schedules as (

    {{ known_versions('schedule_facts', ['flight_id'], [
        'flight_date_local',
        'carrier',
        'flight_number',
        'origin',
        'destination',
        'scheduled_departure_at',
        'scheduled_departure_local',
        'scheduled_arrival_at',
        'distance_miles',
        'impossible_schedule',
    ]) }}

)

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
    impossible_schedule as impossible_values,
    known_at,
    version
from schedules
