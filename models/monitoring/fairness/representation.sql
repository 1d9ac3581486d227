with

clock as (

    select * from {{ ref('clock') }}

),

problems as (

    select * from {{ ref('problems') }}

),

models as (

    select * from {{ ref('models') }}

),

labels as (

    select * from {{ ref('labels') }}

),

represented_examples as (

    select * from {{ ref('represented_examples') }}

),

-- Of every version so far, and of one that would be trained now.
fits as (

    select
        problem,
        cutoff_at,
        calibration_from_at as fit_to_at
    from models
    union distinct
    select
        problems.problem,
        clock.clock_at as cutoff_at,
        clock.clock_at
        - to_days(problems.calibration_days + problems.gate_days) as fit_to_at
    from problems
    cross join clock

),

-- One row per version of the label, and one per example without any.
label_versions as (

    select
        represented_examples.*,
        labels.label,
        labels.label_known_at,
        labels.superseded_at,
        coalesce(labels.version, 1) = 1 as is_first
    from represented_examples
    left join labels
        on
            represented_examples.problem = labels.problem
            and represented_examples.entity_id = labels.entity_id
            and represented_examples.prediction_at = labels.prediction_at

),

-- A label belongs to the fit if it was known when the stretch ended.
fit_examples as (

    select
        fits.problem,
        fits.cutoff_at,
        fits.fit_to_at,
        label_versions.segments,
        case when label_versions.is_first then label_versions.missing_share end
            as missing_share,
        case
            when {{ last_known_before('label_versions', 'fits.fit_to_at') }}
                then label_versions.label
        end as label
    from fits
    inner join label_versions
        on
            fits.problem = label_versions.problem
            and fits.fit_to_at > label_versions.prediction_at

),

-- Examples of the same groups are summed before they are counted in each of these.
combinations as (

    select
        problem,
        cutoff_at,
        fit_to_at,
        segments,
        count(missing_share) as examples,
        count(label) as n,
        {{ exact_sum('label') }} as label_sum,
        {{ exact_sum('missing_share') }} as missing_sum
    from fit_examples
    group by problem, cutoff_at, fit_to_at, segments

),

members as (

    select
        *,
        unnest(segments) as segment
    from combinations

),

by_segment as (

    select
        problem,
        cutoff_at,
        fit_to_at,
        segment,
        cast(sum(examples) as bigint) as examples,
        cast(sum(n) as bigint) as n,
        {{ exact_sum('label_sum') }} as label_sum,
        {{ exact_sum('missing_sum') }} as missing_sum
    from members
    group by problem, cutoff_at, fit_to_at, segment

),

representation as (

    select
        by_segment.problem,
        by_segment.cutoff_at,
        by_segment.fit_to_at,
        by_segment.segment,
        by_segment.n,
        by_segment.n / nullif(everybody.n, 0) as share,
        by_segment.label_sum / nullif(by_segment.n, 0) as mean_label,
        1 - by_segment.n / by_segment.examples as missing_label_share,
        by_segment.missing_sum / by_segment.examples as missing_feature_share
    from by_segment
    inner join by_segment as everybody
        on
            by_segment.problem = everybody.problem
            and by_segment.cutoff_at = everybody.cutoff_at
            and everybody.segment = 'all'

)

select * from representation
order by problem, cutoff_at, segment
