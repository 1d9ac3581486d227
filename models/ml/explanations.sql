{{ config(materialized='view') }}

with

explanations as (

    {{ of_all_problems('explanations', [
        'entity_id',
        'prediction_at',
        'model_id',
        'rank',
        'feature',
        'value',
        'phrase',
        'contribution',
    ]) }}

)

select * from explanations
