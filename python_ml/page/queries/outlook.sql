-- What the next hours of an airport look like, for the board.
select
    strftime(flight_date_local, '%Y-%m-%d') as day,
    origin,
    hour_local as hour,
    flights,
    round(expected_late_flights, 2) as expected,
    late_flights_lower as low,
    late_flights_upper as high,
    late_flights as happened
from marts.airport_day_outlook
where
    hour_local is not null
    and flight_date_local > (
        select max(flight_date_local) - interval 28 days
        from marts.airport_day_outlook
    )
order by day, origin, hour
