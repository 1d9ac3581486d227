{{ config(
    enabled='arrival_delay' in var('problems') and 'cancellation' in var('problems'),
) }}

with

outlook_counts as (

    select * from {{ ref('outlook_counts') }}

),

outlook_offsets as (

    select * from {{ ref('outlook_offsets') }}

),

reaches as (

    select
        outlook_counts.*,
        sqrt(
            outlook_counts.variance
            + outlook_offsets.overdispersion
            * outlook_counts.expected * outlook_counts.expected
        ) as deviation,
        outlook_offsets.lower_offset,
        outlook_offsets.upper_offset
    from outlook_counts
    left join outlook_offsets
        on
            outlook_counts.counted = outlook_offsets.counted
            and outlook_counts.flight_date_local = outlook_offsets.flight_date_local
            and (outlook_counts.hour_local is null) = outlook_offsets.is_day_total
            and outlook_counts.expected >= outlook_offsets.from_expected
            and (
                outlook_counts.expected < outlook_offsets.to_expected
                or outlook_offsets.to_expected is null
            )

),

-- The whole numbers within, the likeliest one among them.
intervals as (

    select
        *,
        case
            when lower_offset is not null
                then least(
                    greatest(ceil(expected - lower_offset * deviation), 0),
                    floor(expected)
                )
        end as lower,
        case
            when upper_offset is not null
                then greatest(
                    least(floor(expected + upper_offset * deviation), flights),
                    floor(expected)
                )
        end as upper
    from reaches

),

airport_day_outlook as (

    select
        origin,
        flight_date_local,
        hour_local,
        max(flights) as flights,
        max(first_prediction_at) as first_prediction_at,
        max(last_prediction_at) as last_prediction_at,
        max(expected) filter (where counted = 'late')
            as expected_late_flights,
        cast(max(lower) filter (where counted = 'late') as bigint)
            as late_flights_lower,
        cast(max(upper) filter (where counted = 'late') as bigint)
            as late_flights_upper,
        max(counted_flights) filter (where counted = 'late')
            as late_flights,
        max(expected) filter (where counted = 'cancelled')
            as expected_cancelled_flights,
        cast(max(lower) filter (where counted = 'cancelled') as bigint)
            as cancelled_flights_lower,
        cast(max(upper) filter (where counted = 'cancelled') as bigint)
            as cancelled_flights_upper,
        max(counted_flights) filter (where counted = 'cancelled')
            as cancelled_flights
    from intervals
    group by origin, flight_date_local, hour_local

)

select * from airport_day_outlook
order by origin, flight_date_local, hour_local
