with

evaluations as (

    select * from {{ ref('evaluations') }}

),

replicates as (

    {{ dbt.generate_series(200) }}

),

days as (

    select distinct resampling_day from evaluations

),

draws as (

    select
        cast(replicates.generated_number as integer) as replicate,
        days.resampling_day,
        {{ uniform_draw("replicates.generated_number || '|' || days.resampling_day") }}
            as draw
    from replicates
    cross join days

),

-- How often a day is drawn: Poisson with mean 1, by its distribution function.
resampled_days as (

    select
        replicate,
        resampling_day,
        case
            when draw < 0.36787944 then 0
            when draw < 0.73575888 then 1
            when draw < 0.91969860 then 2
            when draw < 0.98101184 then 3
            when draw < 0.99634015 then 4
            when draw < 0.99940582 then 5
            else 6
        end as times_drawn
    from draws

)

select * from resampled_days
order by replicate, resampling_day
