with

problems as (

    select
        problem,
        metric,
        (1 - coverage) / 2 as tail
    from {{ ref('problems') }}

),

retrain_cutoffs as (

    select * from {{ ref('retrain_cutoffs') }}

),

predictions as (

    select * from {{ ref('predictions') }}

),

labels as (

    select * from {{ ref('labels') }}
    where label is not null

),

examples as (

    select * from {{ ref('examples') }}

),

-- What was published since the cut-off before, and its labels as this one knew them.
known_losses as (

    select
        retrain_cutoffs.problem,
        retrain_cutoffs.cutoff_at,
        predictions.model_id,
        examples.resampling_day,
        {{ loss(
            'problems.metric', 'predictions.prediction', 'predictions.lower',
            'predictions.upper', 'labels.label', 'problems.tail'
        ) }} as loss
    from retrain_cutoffs
    inner join problems on retrain_cutoffs.problem = problems.problem
    inner join predictions
        on
            retrain_cutoffs.problem = predictions.problem
            and retrain_cutoffs.period_from_at <= predictions.prediction_at
            and retrain_cutoffs.cutoff_at > predictions.prediction_at
    inner join labels
        on
            predictions.problem = labels.problem
            and predictions.entity_id = labels.entity_id
            and predictions.prediction_at = labels.prediction_at
            and {{ last_known_before('labels', 'retrain_cutoffs.cutoff_at') }}
    inner join examples
        on
            predictions.problem = examples.problem
            and predictions.entity_id = examples.entity_id
            and predictions.prediction_at = examples.prediction_at

),

published_loss_days as (

    select
        problem,
        cutoff_at,
        model_id,
        resampling_day,
        count(*) as n,
        {{ exact_sum('loss') }} as loss
    from known_losses
    group by problem, cutoff_at, model_id, resampling_day

)

select * from published_loss_days
order by problem, cutoff_at, model_id, resampling_day
