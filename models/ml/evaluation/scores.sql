{{ config(materialized='view') }}

with

scores as (

    {{ of_all_problems('scores', [
        'model_id',
        'entity_id',
        'prediction_at',
        'prediction',
        'raw_score',
        'lower',
        'upper',
    ]) }}

)

select * from scores
