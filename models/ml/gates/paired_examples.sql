with

problems as (

    select
        problem,
        metric,
        (1 - coverage) / 2 as tail
    from {{ ref('problems') }}

),

version_order as (

    select * from {{ ref('version_order') }}

),

gate_examples as (

    select * from {{ ref('evaluations') }}
    where split = 'gate'

),

scores as (

    select * from {{ ref('scores') }}

),

interval_offsets as (

    select * from {{ ref('interval_offsets') }}

),

-- Every earlier version on the gate days of a later one; the label is the one that the
-- later one's gate knew, for both.
pairs as (

    select
        gate_examples.problem,
        gate_examples.model_id,
        gate_examples.entity_id,
        gate_examples.prediction_at,
        gate_examples.resampling_day,
        gate_examples.label,
        gate_examples.loss,
        scores.model_id as compared_with,
        scores.prediction,
        {{ moved_interval('scores') }}
    from gate_examples
    inner join version_order as challengers
        on gate_examples.model_id = challengers.model_id
    inner join version_order as incumbents
        on
            challengers.problem = incumbents.problem
            and challengers.place > incumbents.place
    inner join scores
        on
            incumbents.model_id = scores.model_id
            and gate_examples.entity_id = scores.entity_id
            and gate_examples.prediction_at = scores.prediction_at
    left join interval_offsets
        on
            scores.model_id = interval_offsets.model_id
            and {{ dbt.date_trunc('day', 'scores.prediction_at') }}
            = interval_offsets.from_at

),

paired_examples as (

    select
        pairs.problem,
        pairs.model_id,
        pairs.compared_with,
        pairs.entity_id,
        pairs.prediction_at,
        pairs.resampling_day,
        pairs.loss,
        {{ loss(
            'problems.metric', 'pairs.prediction', 'pairs.lower', 'pairs.upper',
            'pairs.label', 'problems.tail'
        ) }} as incumbent_loss
    from pairs
    inner join problems on pairs.problem = problems.problem

)

select * from paired_examples
