{%- set overfit_gap = 0.25 %}
{%- set positive_share = 0.05 %}

with

problems as (

    select * from {{ ref('problems') }}

),

models as (

    select * from {{ ref('models') }}

),

training_curves as (

    select * from {{ ref('training_curves') }}

),

importances as (

    select * from {{ ref('importances') }}

),


labels as (

    select * from {{ ref('labels') }}
    where label is not null

),

best_iterations as (

    select
        problem,
        model_id,
        booster,
        min_by(iteration, value) as iteration,
        max(iteration) as iterations,
        min(value) as calibration_loss
    from training_curves
    where stretch = 'calibration'
    group by problem, model_id, booster

),

overfit_gaps as (

    select
        best_iterations.problem,
        best_iterations.model_id,
        'overfit gap' as alert,
        best_iterations.booster as subject,
        best_iterations.calibration_loss / training_curves.value - 1 as figure,
        {{ overfit_gap }} as bound,
        'loss on the calibration stretch above that of the fit, as a share of it'
            as explanation
    from best_iterations
    inner join training_curves
        on
            best_iterations.model_id = training_curves.model_id
            and best_iterations.booster = training_curves.booster
            and best_iterations.iteration = training_curves.iteration
            and training_curves.stretch = 'fit'

),

-- Stopped by the limit, not because the loss had stopped falling.
unfinished as (

    select
        best_iterations.problem,
        best_iterations.model_id,
        'no plateau' as alert,
        best_iterations.booster as subject,
        cast(best_iterations.iteration as double) as figure,
        cast(best_iterations.iterations as double) - 1 as bound,
        'the best iteration is the last one: max_iterations is too small'
            as explanation
    from best_iterations

),

dead_features as (

    select
        problem,
        model_id,
        'dead feature' as alert,
        feature as subject,
        1.0 as figure,
        0.0 as bound,
        'no split uses it' as explanation
    from importances
    where gain_share = 0

),

imbalances as (

    select
        models.problem,
        models.model_id,
        'imbalance' as alert,
        'label' as subject,
        1 - avg(labels.label) as figure,
        1 - {{ positive_share }} as bound,
        'share of labels 0: judge by average precision, not by accuracy'
            as explanation
    from models
    inner join problems
        on models.problem = problems.problem and problems.task = 'binary'
    inner join labels
        on
            models.problem = labels.problem
            and models.gate_from_at > labels.label_known_at
    group by models.problem, models.model_id

),

alerts as (

    select * from overfit_gaps
    union all
    select * from unfinished
    union all
    select * from dead_features
    union all
    select * from imbalances

),

training_alerts as (

    select
        problem,
        model_id,
        alert,
        subject,
        figure,
        bound,
        explanation
    from alerts
    where figure > bound

)

select * from training_alerts
order by problem, model_id, alert, subject
