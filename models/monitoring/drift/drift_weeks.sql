with

clock as (

    select * from {{ ref('clock') }}

),

models as (

    select * from {{ ref('models') }}

),

champions as (

    select * from {{ ref('champions') }}

),

first_weeks as (

    select
        problem,
        min(week_from_at) as week_from_at
    from {{ ref('drift_counts') }}
    group by problem

),

numbers as (

    {{ dbt.generate_series(2000) }}

),

-- Weeks that are over, but for the first one, which may have begun before the data.
weeks as (

    select
        first_weeks.problem,
        first_weeks.week_from_at
        + to_days(cast(7 * numbers.generated_number as integer)) as from_at,
        first_weeks.week_from_at
        + to_days(cast(7 * numbers.generated_number + 7 as integer)) as to_at
    from first_weeks
    cross join numbers
    cross join clock
    where
        first_weeks.week_from_at
        + to_days(cast(7 * numbers.generated_number + 7 as integer)) <= clock.clock_at

),

weeks_in_force as (

    select
        champions.problem,
        champions.model_id,
        weeks.from_at
    from champions
    inner join weeks
        on
            champions.problem = weeks.problem
            and champions.from_at <= weeks.from_at
            and coalesce(champions.to_at, timestamp '9999-01-01') > weeks.from_at

),

watched_versions as (

    select distinct model_id
    from weeks_in_force

),

-- A version scores nothing before its calibration stretch: its predictions are compared
-- with those of the two stretches before its cut-off.
reference_weeks as (

    select
        models.problem,
        models.model_id,
        weeks.from_at < models.calibration_from_at as is_of_features,
        weeks.from_at
    from models
    inner join watched_versions on models.model_id = watched_versions.model_id
    inner join weeks
        on
            models.problem = weeks.problem
            and case
                when models.calibration_from_at > weeks.from_at
                    then models.calibration_from_at
                else models.cutoff_at
            end >= weeks.to_at

),

drift_weeks as (

    select
        problem,
        model_id,
        is_of_features,
        from_at as week_from_at,
        true as is_reference
    from reference_weeks
    union all
    select
        problem,
        model_id,
        true as is_of_features,
        from_at as week_from_at,
        false as is_reference
    from weeks_in_force
    union all
    select
        problem,
        model_id,
        false as is_of_features,
        from_at as week_from_at,
        false as is_reference
    from weeks_in_force

)

select * from drift_weeks
order by problem, model_id, is_of_features, week_from_at
