with

drift_distances as (

    select
        *,
        {{ log_odds('distance', 'n') }} as log_odds
    from {{ ref('drift_distances') }}

),

means as (

    select
        model_id,
        feature,
        sum(n) as n,
        count(*) as weeks,
        count(log_odds) as weeks_with_distance,
        {{ exact_sum('log_odds') }} / count(log_odds) as log_odds,
        {{ exact_sum('missing_share') }} / count(*) as missing_share
    from drift_distances
    where is_reference
    group by model_id, feature

),

-- How the weeks of the reference differ from each other.
deviations as (

    select
        means.model_id,
        means.feature,
        sqrt(
            {{ exact_sum('(drift_distances.log_odds - means.log_odds) ** 2') }}
            / nullif(count(drift_distances.log_odds) - 1, 0)
        ) as log_odds,
        sqrt(
            {{ exact_sum(
                '(drift_distances.missing_share - means.missing_share) ** 2'
            ) }}
            / (count(*) - 1)
        ) as missing_share
    from means
    inner join drift_distances
        on
            means.model_id = drift_distances.model_id
            and means.feature = drift_distances.feature
            and drift_distances.is_reference
    group by means.model_id, means.feature
    having count(*) >= 2

),

-- By how many such deviations a week differs from them; by chance alone weeks differ by
-- 0.25 in log-odds, and in a share by as much as 0.5 / sqrt(n).
standardized as (

    select
        drift_distances.*,
        means.n as reference_n,
        means.weeks,
        means.weeks_with_distance,
        means.missing_share as usual_missing_share,
        1 / (1 + exp(-means.log_odds)) as usual_distance,
        case
            when deviations.log_odds is not null
                then
                    (drift_distances.log_odds - means.log_odds)
                    / greatest(deviations.log_odds, 0.25)
                    / sqrt(1 + 1 / means.weeks_with_distance)
        end as t_distance,
        case
            when
                deviations.missing_share is not null
                and drift_distances.missing_share + means.missing_share > 0
                then
                    abs(drift_distances.missing_share - means.missing_share)
                    / greatest(deviations.missing_share, 0.5 / sqrt(drift_distances.n))
                    / sqrt(1 + 1 / means.weeks)
        end as t_missing
    from drift_distances
    left join means
        on
            drift_distances.model_id = means.model_id
            and drift_distances.feature = means.feature
    left join deviations
        on
            drift_distances.model_id = deviations.model_id
            and drift_distances.feature = deviations.feature
    where not drift_distances.is_reference

),

as_normal as (

    select
        *,
        {{ close_normal_of_t('t_distance', 'greatest(weeks_with_distance - 1, 1)') }}
            as z_distance,
        {{ close_normal_of_t('t_missing', 'greatest(weeks - 1, 1)') }} as z_missing
    from standardized

),

with_p_values as (

    select
        *,
        {{ normal_tail('z_distance') }} as p_value_of_distance,
        2 * {{ normal_tail('z_missing') }} as p_value_of_missing
    from as_normal

),

drift_tests as (

    select
        problem,
        model_id,
        feature,
        week_from_at,
        n,
        cast(coalesce(reference_n, 0) as bigint) as reference_n,
        coalesce(weeks, 0) as reference_weeks,
        missing_share,
        usual_missing_share,
        psi,
        ks,
        chi_squared,
        distance,
        usual_distance,
        case
            when p_value_of_distance is not null and p_value_of_missing is not null
                then least(1, 2 * least(p_value_of_distance, p_value_of_missing))
            else coalesce(p_value_of_distance, p_value_of_missing)
        end as p_value
    from with_p_values

)

select * from drift_tests
order by problem, week_from_at, feature
