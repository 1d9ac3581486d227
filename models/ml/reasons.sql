{{ config(materialized='view') }}

with

explanations as (

    select * from {{ ref('explanations') }}

),

directions as (

    select
        problem,
        case task when 'binary' then 'Raises the risk: ' else 'Later: ' end as raises,
        case task when 'binary' then 'Lowers the risk: ' else 'Earlier: ' end as lowers
    from {{ ref('problems') }}

),

phrases_by_direction as (

    select
        problem,
        entity_id,
        prediction_at,
        string_agg(case when contribution > 0 then phrase end, '; ' order by rank)
            as raising,
        string_agg(case when contribution < 0 then phrase end, '; ' order by rank)
            as lowering
    from explanations
    where rank <= 3 and phrase is not null and contribution <> 0
    group by problem, entity_id, prediction_at

),

-- The words of python_ml.reasons.sentence; a test compares.
reasons as (

    select
        phrases_by_direction.problem,
        phrases_by_direction.entity_id,
        phrases_by_direction.prediction_at,
        concat_ws(
            ' ',
            directions.raises || phrases_by_direction.raising || '.',
            directions.lowers || phrases_by_direction.lowering || '.'
        ) as reasons
    from phrases_by_direction
    inner join directions on phrases_by_direction.problem = directions.problem

)

select * from reasons
