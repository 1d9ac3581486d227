{%- set least_growth = 0.2 %}

with

problems as (

    select * from {{ ref('problems') }}

),

retrain_cutoffs as (

    select
        *,
        {{ dbt.datediff('incumbent_cutoff_at', 'cutoff_at', 'month') }}
            as incumbent_months
    from {{ ref('retrain_cutoffs') }}

),

alerts as (

    select
        *,
        week_from_at + interval 7 day as week_to_at
    from {{ ref('drift') }}
    where is_alert

),

retrain_losses as (

    select * from {{ ref('retrain_losses') }}

),

labels as (

    select * from {{ ref('labels') }}
    where label is not null

),

schedule as (

    select
        problem,
        cutoff_at,
        'schedule' as reason,
        cast(incumbent_months as double) as figure,
        cast(cutoff_months as double) as bound,
        case
            when incumbent_id is null then 'no version is in force'
            else
                'the version in force saw all up to '
                || cast(cast(incumbent_cutoff_at as date) as varchar)
        end as evidence
    from retrain_cutoffs

),

-- Alerts of weeks that ended since the cut-off before.
drift as (

    select
        retrain_cutoffs.problem,
        retrain_cutoffs.cutoff_at,
        'drift' as reason,
        count(alerts.feature) as figure,
        1 as bound,
        count(alerts.feature) || coalesce(
            ' alerts: '
            || string_agg(distinct alerts.feature, ', ' order by alerts.feature),
            ' alerts'
        ) as evidence
    from retrain_cutoffs
    left join alerts
        on
            retrain_cutoffs.problem = alerts.problem
            and retrain_cutoffs.period_from_at < alerts.week_to_at
            and retrain_cutoffs.cutoff_at >= alerts.week_to_at
    group by retrain_cutoffs.problem, retrain_cutoffs.cutoff_at

),

performance as (

    select
        retrain_cutoffs.problem,
        retrain_cutoffs.cutoff_at,
        'performance' as reason,
        retrain_losses.excess as figure,
        0 as bound,
        coalesce(
            problems.metric || ' '
            || cast(cast(retrain_losses.published_loss as decimal(18, 4)) as varchar)
            || ' on ' || retrain_losses.n || ' published predictions, '
            || cast(cast(retrain_losses.gate_loss as decimal(18, 4)) as varchar)
            || ' on the gate days',
            'nothing published has a label'
        ) as evidence
    from retrain_cutoffs
    inner join problems on retrain_cutoffs.problem = problems.problem
    left join retrain_losses
        on
            retrain_cutoffs.problem = retrain_losses.problem
            and retrain_cutoffs.cutoff_at = retrain_losses.cutoff_at

),

known_labels as (

    select
        retrain_cutoffs.problem,
        retrain_cutoffs.cutoff_at,
        retrain_cutoffs.incumbent_cutoff_at,
        count(labels.entity_id) as n
    from retrain_cutoffs
    left join labels
        on
            retrain_cutoffs.problem = labels.problem
            and {{ last_known_before('labels', 'retrain_cutoffs.cutoff_at') }}
    group by all

),

volume as (

    select
        known_labels.problem,
        known_labels.cutoff_at,
        'volume' as reason,
        (known_labels.n - seen_labels.n) / nullif(seen_labels.n, 0) as figure,
        {{ least_growth }} as bound,
        known_labels.n || ' labels are known' || coalesce(
            ', ' || seen_labels.n || ' when the version in force was trained', ''
        ) as evidence
    from known_labels
    left join known_labels as seen_labels
        on
            known_labels.problem = seen_labels.problem
            and known_labels.incumbent_cutoff_at = seen_labels.cutoff_at

),

retrain_evidence as (

    select * from schedule
    union all
    select * from drift
    union all
    select * from performance
    union all
    select * from volume

)

select * from retrain_evidence
order by problem, cutoff_at, reason
