{{ config(
    materialized='ephemeral',
    enabled='arrival_delay' in var('problems') and 'cancellation' in var('problems'),
) }}

with

flight_risk as (

    select * from {{ ref('flight_risk') }}

),

-- Which flights there are in an hour, as scheduled when they were predicted.
cancellation_dataset as (

    select * from {{ ref('cancellation_dataset') }}

),

first_outcomes as (

    select
        *,
        row_number() over (
            partition by flight_id
            order by known_at
        ) as version
    from {{ ref('fct_flight_outcomes') }}

),

flights as (

    select
        cancellation_dataset.origin,
        flight_risk.flight_date_local,
        cast(floor(cancellation_dataset.scheduled_minute_of_day / 60) as integer)
            as hour_local,
        cancellation_dataset.prediction_at,
        flight_risk.late_probability,
        flight_risk.cancellation_probability,
        flight_risk.outcome,
        flight_risk.is_late,
        first_outcomes.outcome as first_outcome,
        first_outcomes.is_late as is_late_at_first,
        first_outcomes.known_at
    from cancellation_dataset
    inner join flight_risk on cancellation_dataset.flight_id = flight_risk.flight_id
    left join first_outcomes
        on
            cancellation_dataset.flight_id = first_outcomes.flight_id
            and first_outcomes.version = 1

),

-- A flight that is cancelled is not late: late_probability holds for those that arrive.
chances as (

    select
        'late' as counted,
        late_probability * (1 - cancellation_probability) as chance,
        coalesce(is_late, false) as counts,
        coalesce(is_late_at_first, false) as counts_at_first,
        *
    from flights
    union all
    select
        'cancelled' as counted,
        cancellation_probability as chance,
        coalesce(outcome = 'cancelled', false) as counts,
        coalesce(first_outcome = 'cancelled', false) as counts_at_first,
        *
    from flights

),

-- Each hour, and without an hour the whole day.
outlook_counts as (

    select
        counted,
        origin,
        flight_date_local,
        hour_local,
        count(*) as flights,
        min(prediction_at) as first_prediction_at,
        max(prediction_at) as last_prediction_at,
        case when count(chance) = count(*) then {{ exact_sum('chance') }} end
            as expected,
        case
            when count(chance) = count(*)
                then {{ exact_sum('chance * (1 - chance)') }}
        end as variance,
        case when count(outcome) = count(*) then count(*) filter (where counts) end
            as counted_flights,
        case
            when count(known_at) = count(*)
                then count(*) filter (where counts_at_first)
        end as counted_flights_at_first,
        case when count(known_at) = count(*) then max(known_at) end as known_at
    from chances
    group by counted, origin, flight_date_local, rollup(hour_local)
    having count(chance) > 0

)

select * from outlook_counts
