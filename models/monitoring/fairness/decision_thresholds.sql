with

problems as (

    select * from {{ ref('problems') }}
    where task = 'binary'

),

models as (

    select
        models.problem,
        models.model_id,
        models.gate_from_at,
        models.cutoff_at
    from {{ ref('models') }} as models
    inner join problems on models.problem = problems.problem

),

labels as (

    select * from {{ ref('labels') }}
    where label is not null

),

scores as (

    select * from {{ ref('scores') }}

),

-- As known at the cut-off, like everything else here.
base_rates as (

    select
        models.problem,
        models.model_id,
        models.gate_from_at,
        models.cutoff_at,
        count(*) as labelled,
        {{ exact_sum('labels.label') }} as positives
    from models
    inner join labels
        on
            models.problem = labels.problem
            and {{ last_known_before('labels', 'models.cutoff_at') }}
    group by
        models.problem,
        models.model_id,
        models.gate_from_at,
        models.cutoff_at

),

ranked_scores as (

    select
        base_rates.problem,
        base_rates.model_id,
        base_rates.positives,
        base_rates.labelled,
        scores.prediction,
        row_number() over (
            partition by base_rates.model_id
            order by scores.prediction desc
        ) as place,
        count(*) over (partition by base_rates.model_id) as n
    from base_rates
    inner join scores
        on
            base_rates.model_id = scores.model_id
            and base_rates.gate_from_at <= scores.prediction_at
            and base_rates.cutoff_at > scores.prediction_at

),

decision_thresholds as (

    select
        problem,
        model_id,
        min(positives / labelled) as base_rate,
        min(prediction) as threshold,
        max(n) as n
    from ranked_scores
    where place <= ceil(positives * n / labelled)
    group by problem, model_id

)

select * from decision_thresholds
order by problem, model_id
