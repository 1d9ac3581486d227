with

problems as (

    select
        problem,
        metric,
        (1 - coverage) / 2 as tail
    from {{ ref('problems') }}

),

splits as (

    select * from {{ ref('splits') }}

),

scores as (

    select * from {{ ref('scores') }}

),

labels as (

    select * from {{ ref('labels') }}
    where label is not null

),

examples as (

    select * from {{ ref('examples') }}

),

baselines as (

    select * from {{ ref('baselines') }}

),

interval_offsets as (

    select * from {{ ref('interval_offsets') }}

),

-- The label is the last one known before the split ended.
labelled_scores as (

    select
        scores.problem,
        scores.model_id,
        splits.cutoff_at,
        splits.split,
        splits.from_at,
        scores.entity_id,
        scores.prediction_at,
        scores.prediction,
        {{ moved_interval('scores') }},
        labels.label
    from scores
    inner join splits
        on
            scores.model_id = splits.model_id
            and scores.prediction_at >= splits.from_at
            and scores.prediction_at < splits.to_at
    inner join labels
        on
            scores.problem = labels.problem
            and scores.entity_id = labels.entity_id
            and scores.prediction_at = labels.prediction_at
            and {{ last_known_before('labels', 'splits.to_at') }}
    left join interval_offsets
        on
            scores.model_id = interval_offsets.model_id
            and {{ dbt.date_trunc('day', 'scores.prediction_at') }}
            = interval_offsets.from_at

),

compared as (

    select
        labelled_scores.*,
        examples.resampling_day,
        examples.segments,
        problems.metric,
        problems.tail,
        coalesce(cells.prediction, everywhere.prediction) as baseline_prediction,
        coalesce(cells.lower, everywhere.lower) as baseline_lower,
        coalesce(cells.upper, everywhere.upper) as baseline_upper
    from labelled_scores
    inner join problems on labelled_scores.problem = problems.problem
    inner join examples
        on
            labelled_scores.problem = examples.problem
            and labelled_scores.entity_id = examples.entity_id
            and labelled_scores.prediction_at = examples.prediction_at
    inner join baselines as everywhere
        on
            labelled_scores.problem = everywhere.problem
            and labelled_scores.from_at = everywhere.from_at
            and everywhere.baseline_cell = '*'
    left join baselines as cells
        on
            labelled_scores.problem = cells.problem
            and labelled_scores.from_at = cells.from_at
            and examples.baseline_cell = cells.baseline_cell

),

evaluations as (

    select
        problem,
        model_id,
        cutoff_at,
        split,
        entity_id,
        prediction_at,
        resampling_day,
        segments,
        prediction,
        lower,
        upper,
        label,
        baseline_prediction,
        baseline_lower,
        baseline_upper,
        {{ loss('metric', 'prediction', 'lower', 'upper', 'label', 'tail') }} as loss,
        {{ loss(
            'metric', 'baseline_prediction', 'baseline_lower', 'baseline_upper',
            'label', 'tail'
        ) }} as baseline_loss
    from compared

)

select * from evaluations
