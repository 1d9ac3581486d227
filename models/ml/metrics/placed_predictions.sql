{{ config(materialized='ephemeral') }}

{%- set whole = 'problem, model_id, split, segment, scorer' %}

with

measured_predictions as (

    select * from {{ ref('measured_predictions') }}

),

scored as (

    select
        problem,
        model_id,
        split,
        segment,
        entity_id,
        resampling_day,
        label,
        'model' as scorer,
        prediction as score
    from measured_predictions
    union all
    select
        problem,
        model_id,
        split,
        segment,
        entity_id,
        resampling_day,
        label,
        'baseline' as scorer,
        baseline_prediction as score
    from measured_predictions

),

-- Ties share one place: a window ordered by score holds all rows of the same score.
ranked as (

    select
        *,
        cast(count(*) over everyone as double) as n,
        cast(sum(label) over everyone as double) as positives,
        cast(count(*) over ties as double) as tied,
        cast(sum(label) over ties as double) as tied_positives,
        cast(count(*) over at_or_above as double) as at_or_above,
        cast(sum(label) over at_or_above as double) as positives_at_or_above,
        ntile(10) over (
            partition by {{ whole }}
            order by score, entity_id
        ) as bin
    from scored
    window
        everyone as (partition by {{ whole }}),
        ties as (partition by {{ whole }}, score),
        at_or_above as (partition by {{ whole }} order by score desc)

),

placed_predictions as (

    select
        problem,
        model_id,
        split,
        segment,
        scorer,
        resampling_day,
        label,
        score,
        -- The share of the other class that the row is rightly above or below.
        case
            when label = 1
                then
                    (
                        n - positives - at_or_above + positives_at_or_above
                        + (tied - tied_positives) / 2
                    ) / nullif(n - positives, 0)
            else (positives_at_or_above - tied_positives / 2) / nullif(positives, 0)
        end as placement,
        positives_at_or_above / at_or_above as precision_here,
        sum(label / at_or_above) over at_or_below as hits_below,
        sum(label * positives_at_or_above / at_or_above / at_or_above) over at_or_below
            as precision_below,
        sign(sum(score - label) over same_bin) as bin_sign,
        {{ log_loss('score', 'label') }} as log_loss,
        cast((score >= 0.5) = (label = 1) as integer) as is_hit,
        cast(score >= 0.5 and label = 1 as integer) as is_true_positive
    from ranked
    window
        at_or_below as (partition by {{ whole }} order by score),
        same_bin as (partition by {{ whole }}, bin)

)

select * from placed_predictions
