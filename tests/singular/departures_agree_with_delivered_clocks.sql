-- Departures are dated from UTC hours and delays; the clock times that were delivered
-- beside them, local to the origin, are an independent witness against a shift of zone.
-- A row in a hundred may be mistyped; more is a fault of ours.
{{ config(group='intake') }}

with

typed_flights as (

    select * from {{ ref('typed_flights') }}
    where flight_id is not null and departed_at is not null

),

raw_flights as (

    select * from {{ ref('raw_flights') }}

),

witnesses as (

    select
        {{ utc_to_local('typed_flights.departed_at', reporting_time_zone()) }}
            as departed_local,
        mod({{ minutes_of_day('raw_flights.dep_time') }}, 1440) as delivered_minute
    from typed_flights
    inner join raw_flights
        on
            typed_flights._file = raw_flights._file
            and typed_flights._row_number = raw_flights._row_number
            and typed_flights._batch_id = raw_flights._batch_id

),

clocks as (

    select
        extract(hour from departed_local) * 60
        + extract(minute from departed_local) as departed_minute,
        delivered_minute
    from witnesses

)

select
    count(*) as departures,
    count(*) filter (where departed_minute != delivered_minute) as disagreeing
from clocks
having
    count(*) filter (where departed_minute != delivered_minute) > 0.01 * count(*)
