with

predictions as (

    select * from {{ ref('predictions') }}

),

examples as (

    select * from {{ ref('examples') }}

),

evaluations as (

    select * from {{ ref('evaluations') }}
    where split = 'live'

),

-- The label is the last one known at the clock, here and in evaluations. An outcome
-- that is known and gives no label, such as a cancellation, will give none: that is not
-- pending.
published_evaluations as (

    select
        predictions.problem,
        predictions.model_id,
        predictions.entity_id,
        predictions.prediction_at,
        examples.resampling_day,
        cast({{ dbt.date_trunc('week', 'examples.resampling_day') }} as date)
            as week_from_local,
        cast({{ dbt.date_trunc('month', 'examples.resampling_day') }} as date)
            as month_from_local,
        examples.segments,
        predictions.prediction,
        predictions.lower,
        predictions.upper,
        predictions.label,
        predictions.label_known_at is null as is_label_pending,
        evaluations.baseline_prediction,
        evaluations.baseline_lower,
        evaluations.baseline_upper,
        evaluations.loss,
        evaluations.baseline_loss
    from predictions
    inner join examples
        on
            predictions.problem = examples.problem
            and predictions.entity_id = examples.entity_id
            and predictions.prediction_at = examples.prediction_at
    left join evaluations
        on
            predictions.problem = evaluations.problem
            and predictions.model_id = evaluations.model_id
            and predictions.entity_id = evaluations.entity_id
            and predictions.prediction_at = evaluations.prediction_at

)

select * from published_evaluations
