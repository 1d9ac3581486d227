-- The features that are worth most, and the prediction, week by week.
with

worth as (

    select
        problem,
        feature,
        max(coalesce(gain_share, 2)) as worth  -- the prediction comes first
    from monitoring.drift
    group by problem, feature

),

shown as (

    select
        *,
        row_number() over (
            partition by problem
            order by worth desc, feature
        ) as place
    from worth

)

select
    drift.problem,
    drift.feature,
    strftime(drift.week_from_at, '%Y-%m-%d') as week,
    drift.psi,
    drift.corrected_p_value,
    drift.gain_share,
    drift.is_alert,
    shown.place
from monitoring.drift as drift
inner join shown
    on
        drift.problem = shown.problem
        and drift.feature = shown.feature
        and shown.place <= 21
order by drift.problem, shown.place, week
