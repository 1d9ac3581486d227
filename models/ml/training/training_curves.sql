with

models as (

    select
        problem,
        model_id,
        unnest(training_curves) as point
    from {{ ref('models') }}

),

training_curves as (

    select
        models.problem,
        models.model_id,
        models.point.booster,
        models.point.iteration,
        models.point.stretch,
        models.point.metric,
        models.point.value
    from models

)

select * from training_curves
order by problem, model_id, booster, stretch, iteration
