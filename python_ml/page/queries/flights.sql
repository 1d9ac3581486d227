-- The flights of the last days, for the board.
select
    strftime(flight_date_local, '%Y-%m-%d') as day,
    origin,
    strftime(scheduled_departure_local, '%H:%M') as departs,
    carrier || ' ' || flight_number as flight,
    destination,
    round(late_probability, 3) as late,
    round(predicted_delay_minutes) as minutes,
    round(predicted_delay_minutes_lower) as minutes_low,
    round(predicted_delay_minutes_upper) as minutes_high,
    round(cancellation_probability, 3) as cancelled,
    late_reasons as why,
    outcome,
    arrival_delay_minutes as delay,
    is_late
from marts.flight_risk
where
    prediction_at is not null
    and flight_date_local > (
        select max(flight_date_local) - interval 28 days
        from marts.flight_risk
        where prediction_at is not null
    )
order by day, late desc nulls last, flight_id
