-- The reasons of an explained prediction, with what all others gave, are its raw score.
with

explanations as (

    select * from {{ ref('explanations') }}

),

scores as (

    select * from {{ ref('scores') }}

),

sums as (

    select
        model_id,
        entity_id,
        prediction_at,
        {{ exact_sum('contribution') }} as contributions
    from explanations
    group by model_id, entity_id, prediction_at

)

select
    sums.*,
    scores.raw_score
from sums
left join scores
    on
        sums.model_id = scores.model_id
        and sums.entity_id = scores.entity_id
        and sums.prediction_at = scores.prediction_at
where (abs(sums.contributions - scores.raw_score) <= 1e-9) is not true
