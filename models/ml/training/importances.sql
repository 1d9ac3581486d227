with

models as (

    select
        problem,
        model_id,
        unnest(importances) as importance
    from {{ ref('models') }}

),

importances as (

    select
        models.problem,
        models.model_id,
        models.importance.feature,
        models.importance.gain as gain_share,
        models.importance.permutation as permutation_loss_increase
    from models

)

select * from importances
order by problem, model_id, feature
