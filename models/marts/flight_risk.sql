with

fct_flights as (

    select * from {{ ref('fct_flights') }}

),

-- The last one, should a flight have been predicted again.
predictions as (

    select
        *,
        row_number() over (
            partition by problem, entity_id
            order by prediction_at desc
        ) as recency
    from {{ ref('predictions') }}
    where problem in ('arrival_delay', 'arrival_delay_minutes', 'cancellation')

),

reasons as (

    select * from {{ ref('reasons') }}

),

said as (

    select
        predictions.entity_id as flight_id,
        predictions.problem,
        predictions.prediction_at,
        predictions.prediction,
        predictions.lower,
        predictions.upper,
        reasons.reasons
    from predictions
    left join reasons
        on
            predictions.problem = reasons.problem
            and predictions.entity_id = reasons.entity_id
            and predictions.prediction_at = reasons.prediction_at
    where predictions.recency = 1

),

published as (

    select
        flight_id,
        max(prediction_at) as prediction_at,
        max(prediction) filter (where problem = 'arrival_delay') as late_probability,
        max(reasons) filter (where problem = 'arrival_delay') as late_reasons,
        max(prediction) filter (where problem = 'arrival_delay_minutes')
            as predicted_delay_minutes,
        max(reasons) filter (where problem = 'arrival_delay_minutes') as delay_reasons,
        max(prediction) filter (where problem = 'cancellation')
            as cancellation_probability,
        max(reasons) filter (where problem = 'cancellation') as cancellation_reasons,
        max(lower) as predicted_delay_minutes_lower,
        max(upper) as predicted_delay_minutes_upper
    from said
    group by flight_id

),

flight_risk as (

    select
        fct_flights.flight_id,
        fct_flights.flight_date_local,
        fct_flights.carrier,
        fct_flights.flight_number,
        fct_flights.origin,
        fct_flights.destination,
        fct_flights.scheduled_departure_at,
        fct_flights.scheduled_departure_local,
        fct_flights.scheduled_arrival_at,
        published.prediction_at,
        published.late_probability,
        published.late_reasons,
        published.predicted_delay_minutes,
        published.predicted_delay_minutes_lower,
        published.predicted_delay_minutes_upper,
        published.delay_reasons,
        published.cancellation_probability,
        published.cancellation_reasons,
        case
            when fct_flights.is_cancelled then 'cancelled'
            when fct_flights.is_diverted then 'diverted'
            when fct_flights.outcome_known_at is not null then 'arrived'
        end as outcome,
        fct_flights.arrival_delay_minutes,
        fct_flights.is_late,
        fct_flights.outcome_known_at
    from fct_flights
    left join published on fct_flights.flight_id = published.flight_id

)

select * from flight_risk
order by scheduled_departure_at, flight_id
