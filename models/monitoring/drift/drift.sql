{%- set significance = 0.05 %}
{%- set psi_bound = 0.2 %}
{%- set gain_share_bound = 0.01 %}

with

weeks_in_force as (

    select * from {{ ref('drift_weeks') }}
    where not is_reference

),

models as (

    select * from {{ ref('models') }}

),

importances as (

    select * from {{ ref('importances') }}

),

drift_tests as (

    select * from {{ ref('drift_tests') }}

),

watched as (

    select
        model_id,
        feature,
        gain_share,
        true as is_of_features
    from importances
    union all
    select
        model_id,
        '(prediction)' as feature,
        cast(null as double) as gain_share,
        false as is_of_features
    from models

),

-- Every week has its rows, also one without an example.
watched_weeks as (

    select
        weeks_in_force.problem,
        weeks_in_force.week_from_at,
        weeks_in_force.model_id,
        watched.is_of_features,
        watched.feature,
        watched.gain_share,
        coalesce(drift_tests.n, 0) as n,
        coalesce(drift_tests.reference_n, 0) as reference_n,
        coalesce(drift_tests.reference_weeks, 0) as reference_weeks,
        drift_tests.missing_share,
        drift_tests.usual_missing_share,
        drift_tests.psi,
        drift_tests.ks,
        drift_tests.chi_squared,
        drift_tests.distance,
        drift_tests.usual_distance,
        drift_tests.p_value
    from weeks_in_force
    inner join watched
        on
            weeks_in_force.model_id = watched.model_id
            and weeks_in_force.is_of_features = watched.is_of_features
    left join drift_tests
        on
            weeks_in_force.model_id = drift_tests.model_id
            and weeks_in_force.week_from_at = drift_tests.week_from_at
            and watched.feature = drift_tests.feature

),

-- Of the 5 % of weeks that may raise an alert by accident, half goes to the prediction,
-- half to the features, by Holm's correction.
ranked as (

    select
        *,
        count(p_value) over (partition by problem, week_from_at, is_of_features)
            as tests,
        row_number() over (
            partition by problem, week_from_at, is_of_features
            order by p_value nulls last, feature
        ) as p_value_rank
    from watched_weeks

),

corrected as (

    select
        *,
        case
            when p_value is not null
                then max(least(1, 2 * p_value * (tests - p_value_rank + 1))) over (
                    partition by problem, week_from_at, is_of_features
                    order by p_value_rank
                )
        end as corrected_p_value
    from ranked

),

drift as (

    select
        problem,
        week_from_at,
        model_id,
        feature,
        n,
        reference_n,
        reference_weeks,
        missing_share,
        usual_missing_share,
        psi,
        ks,
        chi_squared,
        distance,
        usual_distance,
        p_value,
        corrected_p_value,
        gain_share,
        psi * gain_share as weighted_psi,
        coalesce(
            corrected_p_value < {{ significance }}
            and psi >= {{ psi_bound }}
            and (gain_share >= {{ gain_share_bound }} or not is_of_features),
            false
        ) as is_alert
    from corrected

)

select * from drift
order by problem, week_from_at, feature
