{{ config(materialized='view') }}

with

published as (

    {{ of_all_problems('predictions', [
        'entity_id',
        'prediction_at',
        'model_id',
        'prediction',
        'lower',
        'upper',
    ]) }}

),

clock as (

    select * from {{ ref('clock') }}

),

labels as (

    select labels.*
    from {{ ref('labels') }} as labels
    inner join clock
        on {{ last_known_before('labels', 'clock.clock_at') }}

),

predictions as (

    select
        published.problem,
        published.entity_id,
        published.prediction_at,
        published.model_id,
        published.prediction,
        published.lower,
        published.upper,
        labels.label,
        labels.label_known_at
    from published
    left join labels
        on
            published.problem = labels.problem
            and published.entity_id = labels.entity_id
            and published.prediction_at = labels.prediction_at

)

select * from predictions
