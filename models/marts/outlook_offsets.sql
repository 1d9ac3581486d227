{{ config(
    enabled='arrival_delay' in var('problems') and 'cancellation' in var('problems'),
) }}

with

outlook_counts as (

    select
        *,
        hour_local is null as is_day_total
    from {{ ref('outlook_counts') }}

),

-- A day's intervals are decided when its first flight is predicted, at any airport.
days as (

    select
        flight_date_local,
        min(first_prediction_at) as from_at
    from outlook_counts
    group by flight_date_local

),

-- What was known by then of the four weeks before, as it was known first.
known_counts as (

    select
        days.flight_date_local,
        days.from_at,
        outlook_counts.counted,
        outlook_counts.is_day_total,
        outlook_counts.origin,
        outlook_counts.flight_date_local as known_date_local,
        outlook_counts.hour_local,
        outlook_counts.expected,
        outlook_counts.variance,
        outlook_counts.counted_flights_at_first - outlook_counts.expected as error
    from days
    inner join outlook_counts
        on
            days.from_at > outlook_counts.known_at
            and {{ dbt.dateadd('day', -28, 'days.from_at') }} <= outlook_counts.known_at
    where outlook_counts.variance > 0

),

-- How much more counts differ from what was expected than independent flights would, as
-- a share of the square of the expected number.
overdispersions as (

    select
        counted,
        flight_date_local,
        is_day_total,
        greatest(
            {{ exact_sum('error * error - variance') }}
            / {{ exact_sum('expected * expected') }},
            0
        ) as overdispersion
    from known_counts
    group by counted, flight_date_local, is_day_total
    having count(distinct known_date_local) >= 7

),

-- Hours are compared with the twentieth of hours that expected about as many.
residuals as (

    select
        known_counts.counted,
        known_counts.flight_date_local,
        known_counts.from_at,
        known_counts.is_day_total,
        known_counts.expected,
        overdispersions.overdispersion,
        known_counts.error / sqrt(
            known_counts.variance
            + overdispersions.overdispersion
            * known_counts.expected * known_counts.expected
        ) as residual,
        case
            when known_counts.is_day_total then 1
            else ntile(20) over (
                partition by
                    known_counts.counted,
                    known_counts.flight_date_local,
                    known_counts.is_day_total
                order by
                    known_counts.expected,
                    known_counts.known_date_local,
                    known_counts.origin,
                    known_counts.hour_local
            )
        end as size_class
    from known_counts
    inner join overdispersions
        on
            known_counts.counted = overdispersions.counted
            and known_counts.flight_date_local = overdispersions.flight_date_local
            and known_counts.is_day_total = overdispersions.is_day_total

),

classes as (

    select
        counted,
        flight_date_local,
        is_day_total,
        size_class,
        max(from_at) as from_at,
        max(overdispersion) as overdispersion,
        case when size_class = 1 then 0 else min(expected) end as from_expected,
        count(*) as n,
        array_agg(-residual order by -residual) as below,
        array_agg(residual order by residual) as above
    from residuals
    group by counted, flight_date_local, is_day_total, size_class

),

-- With fewer than nine there is no such place in the row: null.
outlook_offsets as (

    select
        counted,
        flight_date_local,
        is_day_total,
        size_class,
        from_at,
        from_expected,
        lead(from_expected) over (
            partition by counted, flight_date_local, is_day_total
            order by size_class
        ) as to_expected,
        n,
        overdispersion,
        {{ quantile_of_sorted('below', '(n + 1)', 0.9) }} as lower_offset,
        {{ quantile_of_sorted('above', '(n + 1)', 0.9) }} as upper_offset
    from classes

)

select * from outlook_offsets
order by counted, flight_date_local, is_day_total, size_class
