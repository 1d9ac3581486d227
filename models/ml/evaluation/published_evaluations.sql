{{ config(materialized='ephemeral') }}

with

evaluations as (

    select * from {{ ref('evaluations') }}
    where split = 'live'

),

predictions as (

    select * from {{ ref('predictions') }}

),

published_evaluations as (

    select
        evaluations.*,
        substr(cast(evaluations.resampling_day as varchar), 1, 7) as month_local
    from evaluations
    inner join predictions
        on
            evaluations.problem = predictions.problem
            and evaluations.model_id = predictions.model_id
            and evaluations.entity_id = predictions.entity_id
            and evaluations.prediction_at = predictions.prediction_at

)

select * from published_evaluations
