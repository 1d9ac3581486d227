{{ config(materialized='ephemeral') }}

with

clock as (

    select * from {{ ref('clock') }}

),

problems as (

    select * from {{ ref('problems') }}

),

models as (

    select * from {{ ref('models') }}

),

champions as (

    select * from {{ ref('champions') }}

),

numbers as (

    {{ dbt.generate_series(600) }}

),

scheduled as (

    select
        problems.problem,
        cast(problems.first_cutoff as timestamp) + to_months(
            cast(
                (numbers.generated_number - 1) * problems.cutoff_months as integer
            )
        ) as cutoff_at
    from problems
    cross join numbers

),

-- Those that are due at the clock, and those that were under an earlier declaration.
cutoffs as (

    select
        scheduled.problem,
        scheduled.cutoff_at
    from scheduled
    inner join problems on scheduled.problem = problems.problem
    cross join clock
    where
        scheduled.cutoff_at <= clock.clock_at
        and scheduled.cutoff_at <= coalesce(problems.last_cutoff, date '9999-01-01')
    union distinct
    select
        problem,
        cutoff_at
    from models

),

retrain_cutoffs as (

    select
        cutoffs.problem,
        cutoffs.cutoff_at,
        cutoffs.cutoff_at - to_months(problems.cutoff_months) as period_from_at,
        problems.cutoff_months,
        champions.model_id as incumbent_id,
        models.cutoff_at as incumbent_cutoff_at
    from cutoffs
    inner join problems on cutoffs.problem = problems.problem
    left join champions
        on
            cutoffs.problem = champions.problem
            and cutoffs.cutoff_at > champions.from_at
            and cutoffs.cutoff_at <= coalesce(champions.to_at, timestamp '9999-01-01')
    left join models on champions.model_id = models.model_id

)

select * from retrain_cutoffs
