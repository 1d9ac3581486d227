-- From the first version in force to the clock no example of a problem is left without
-- a published prediction. (That none has two is the grain of the predictions.)
with

first_champions as (

    select
        problem,
        min(from_at) as from_at
    from {{ ref('champions') }}
    group by problem

),

examples as (

    select * from {{ ref('examples') }}

),

predictions as (

    select * from {{ ref('predictions') }}

)

select
    examples.problem,
    examples.entity_id,
    examples.prediction_at
from examples
inner join first_champions
    on
        examples.problem = first_champions.problem
        and examples.prediction_at >= first_champions.from_at
left join predictions
    on
        examples.problem = predictions.problem
        and examples.entity_id = predictions.entity_id
        and examples.prediction_at = predictions.prediction_at
where predictions.entity_id is null
