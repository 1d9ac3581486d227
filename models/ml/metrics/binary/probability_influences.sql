{{ config(materialized='ephemeral') }}

with

score_thresholds as (

    select * from {{ ref('score_thresholds') }}
    where scorer = 'model'

),

metric_groups as (

    select * from {{ ref('metric_groups') }}
    where not is_estimated

),

probability_values as (

    select * from {{ ref('probability_values') }}
    where scorer = 'model'

),

-- What a row of weight more takes from the precision at each threshold below it. Terms
-- are cut to 46 bits, so that their sums do not depend on the order of equal scores.
thresholds as (

    select
        score_thresholds.*,
        sum({{ summable_probability(
            'score_thresholds.positives / score_thresholds.n_at_or_above', 46
        ) }}) over at_or_below as hits_below,
        sum({{ summable_probability(
            'score_thresholds.positives * score_thresholds.precision_here'
            ~ ' / score_thresholds.n_at_or_above',
            46
        ) }}) over at_or_below as precision_below
    from score_thresholds
    inner join metric_groups
        on score_thresholds.group_number = metric_groups.group_number
    window at_or_below as (
        partition by score_thresholds.group_number
        order by score_thresholds.score
        range between unbounded preceding and current row
    )

),

days as (

    select
        group_number,
        resampling_day,
        sum(n) as n,
        sum(positives) as positives,
        {{ exact_sum('positives * negatives_below_share') }}
            as negatives_below,
        {{ exact_sum('(n - positives) * positives_above_share') }}
            as positives_above,
        {{ exact_sum('positives * (precision_here + hits_below) - precision_below') }}
            as precisions,
        sum(case when score >= 0.5 then positives else n - positives end) as hits,
        sum(case when score >= 0.5 then positives else 0 end) as true_positives,
        {{ exact_sum(log_loss('score', 'positives')) }} as log_loss,
        {{ exact_sum('(score - positives) * (score - positives)') }}
            as brier,
        {{ exact_sum('bin_sign * (score - positives)') }}
            as calibration_error
    from thresholds
    group by group_number, resampling_day

),

-- How much each metric moves when a day is drawn once more: its first derivative in the
-- weight of the day. The influences of all days sum to zero.
probability_influences as (

    select
        days.group_number,
        days.resampling_day,
        (days.negatives_below - probability_values.roc_auc * days.positives)
        / nullif(probability_values.positives, 0)
        + (
            days.positives_above
            - probability_values.roc_auc * (days.n - days.positives)
        ) / nullif(probability_values.n - probability_values.positives, 0) as roc_auc,
        (days.precisions - probability_values.average_precision * days.positives)
        / nullif(probability_values.positives, 0) as average_precision,
        (days.hits - probability_values.accuracy * days.n)
        / probability_values.n as accuracy,
        (
            2 * days.true_positives
            - probability_values.f1 * (2 * days.true_positives + days.n - days.hits)
        ) / nullif(probability_values.f1_denominator, 0) as f1,
        (days.log_loss - probability_values.log_loss * days.n)
        / probability_values.n as log_loss,
        (days.brier - probability_values.brier * days.n)
        / probability_values.n as brier,
        (days.calibration_error - probability_values.calibration_error * days.n)
        / probability_values.n as calibration_error
    from days
    inner join probability_values
        on days.group_number = probability_values.group_number

)

select * from probability_influences
