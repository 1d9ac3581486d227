with

schedules as (

    select * from {{ ref('schedules') }}

),

landed_months as (

    select distinct
        cast({{ dbt.date_trunc('month', 'flight_date_local') }} as timestamp)
            as month_local
    from schedules

),

first_month as (

    select min(month_local) as month_local
    from landed_months

),

-- Up to the first gap, a month is as far from the first as its place in the row.
months_in_order as (

    select
        landed_months.month_local,
        row_number() over (order by landed_months.month_local) - 1 as months_before,
        {{ dbt.datediff(
            'first_month.month_local', 'landed_months.month_local', 'month'
        ) }} as months_since_first
    from landed_months
    cross join first_month

),

end_of_landed_months as (

    select {{ dbt.dateadd('month', 1, 'max(month_local)') }} as clock_local
    from months_in_order
    where months_before = months_since_first

),

clock as (

    select
        {% if as_of() is not none -%}
            {{ as_of() }}
        {%- else -%}
            {{ local_to_utc('clock_local', reporting_time_zone()) }}
        {%- endif %} as clock_at
    from end_of_landed_months

)

select * from clock
