with

schedules as (

    select * from {{ ref('schedules') }}

),

landed_months as (

    select distinct {{ dbt.date_trunc('month', 'flight_date_local') }} as month_local
    from schedules

),

-- Months without a gap are as far from the first month as their place in the row.
months_in_order as (

    select
        cast(month_local as timestamp) as month_local,
        row_number() over (order by month_local) - 1 as months_before,
        {{ dbt.datediff('first_value(month_local) over (order by month_local)', 'month_local', 'month') }}
            as months_since_first
    from landed_months

),

end_of_landed_months as (

    select
        {{ dbt.dateadd('month', 1, 'max(month_local)') }} as clock_local
    from months_in_order
    where months_before = months_since_first

),

clock as (

    select
        {% if as_of() is not none -%}
            {{ as_of() }}
        {%- else -%}
            {{ local_to_utc('clock_local', "'" ~ var('reporting_time_zone') ~ "'") }}
        {%- endif %} as clock_at
    from end_of_landed_months

)

select * from clock
