{%- set least_labels = 20 %}

with

problems as (

    select
        problem,
        task,
        (1 - coverage) / 2 as tail
    from {{ ref('problems') }}

),

splits as (

    select distinct
        problem,
        from_at
    from {{ ref('splits') }}

),

labels as (

    select * from {{ ref('labels') }}
    where label is not null

),

examples as (

    select * from {{ ref('examples') }}

),

labels_of_cells as (

    select
        labels.problem,
        labels.label_known_at,
        labels.superseded_at,
        examples.baseline_cell,
        labels.label
    from labels
    inner join examples
        on
            labels.problem = examples.problem
            and labels.entity_id = examples.entity_id
            and labels.prediction_at = examples.prediction_at

),

-- All that was known when a split began; the cell '*' is that of all examples.
known_labels as (

    select
        splits.problem,
        splits.from_at,
        labels_of_cells.baseline_cell,
        labels_of_cells.label
    from splits
    inner join labels_of_cells
        on
            splits.problem = labels_of_cells.problem
            and {{ last_known_before('labels_of_cells', 'splits.from_at') }}

),

sorted_labels as (

    select
        problem,
        from_at,
        baseline_cell,
        count(*) as n,
        {{ exact_sum('label') }} as label_sum,
        array_agg(label order by label) as labels
    from known_labels
    group by problem, from_at, baseline_cell
    having count(*) >= {{ least_labels }}
    union all
    select
        problem,
        from_at,
        '*' as baseline_cell,
        count(*) as n,
        {{ exact_sum('label') }} as label_sum,
        array_agg(label order by label) as labels
    from known_labels
    group by problem, from_at

),

with_everywhere as (

    select
        sorted_labels.*,
        problems.task,
        problems.tail,
        everywhere.label_sum / everywhere.n as mean_label
    from sorted_labels
    inner join problems on sorted_labels.problem = problems.problem
    inner join sorted_labels as everywhere
        on
            sorted_labels.problem = everywhere.problem
            and sorted_labels.from_at = everywhere.from_at
            and everywhere.baseline_cell = '*'

),

-- A share is drawn towards that of all examples as if by some more labels, so that a
-- cell in which nothing ever happened does not say never.
baselines as (

    select
        problem,
        from_at,
        baseline_cell,
        n,
        case task
            when 'binary'
                then
                    (label_sum + {{ least_labels }} * mean_label)
                    / (n + {{ least_labels }})
            else {{ quantile_of_sorted('labels', 'n', '0.5') }}
        end as prediction,
        case task
            when 'regression' then {{ quantile_of_sorted('labels', 'n', 'tail') }}
        end as lower,
        case task
            when 'regression' then {{ quantile_of_sorted('labels', 'n', '(1 - tail)') }}
        end as upper
    from with_everywhere

)

select * from baselines
