with

models as (

    select * from {{ ref('models') }}

),

evaluations as (

    select * from {{ ref('evaluations') }}

),

gate_days as (

    select * from evaluations
    where split = 'gate'

),

pairs as (

    select
        challengers.problem,
        challengers.model_id as challenger_id,
        challengers.cutoff_at,
        incumbents.model_id as incumbent_id
    from models as challengers
    inner join models as incumbents
        on
            challengers.problem = incumbents.problem
            and challengers.cutoff_at > incumbents.cutoff_at

),

-- The label is the one the challenger's gate knew, for both.
paired_scores as (

    select
        pairs.problem,
        pairs.challenger_id,
        pairs.cutoff_at,
        pairs.incumbent_id,
        gate_days.label,
        gate_days.prediction as challenger_prediction,
        incumbents.prediction as incumbent_prediction
    from pairs
    inner join gate_days on pairs.challenger_id = gate_days.model_id
    inner join evaluations as incumbents
        on
            pairs.incumbent_id = incumbents.model_id
            and gate_days.entity_id = incumbents.entity_id
            and gate_days.prediction_at = incumbents.prediction_at

),

gate_comparisons as (

    select
        problem,
        challenger_id,
        cutoff_at,
        incumbent_id,
        count(*) as n,
        {{ exact_sum(log_loss('challenger_prediction', 'label')) }} / count(*)
            as challenger_log_loss,
        {{ exact_sum(log_loss('incumbent_prediction', 'label')) }} / count(*)
            as incumbent_log_loss
    from paired_scores
    group by problem, challenger_id, cutoff_at, incumbent_id

)

select * from gate_comparisons
order by problem, cutoff_at, incumbent_id
