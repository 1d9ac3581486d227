{%- set least_share = 0.0001 %}

with

drift_bins as (

    select * from {{ ref('drift_bins') }}

),

weeks as (

    select
        problem,
        model_id,
        feature,
        is_category,
        week_from_at,
        is_reference,
        sum(n) as n,
        sum(case when bin is null then n else 0 end) as missing,
        max(greatest_above) as greatest_above,
        max(greatest_below) as greatest_below
    from drift_bins
    group by problem, model_id, feature, is_category, week_from_at, is_reference

),

references_of_bins as (

    select
        model_id,
        feature,
        bin,
        sum(case when is_reference then n else 0 end) as n
    from drift_bins
    group by model_id, feature, bin

),

reference_totals as (

    select
        model_id,
        feature,
        sum(n) as n
    from references_of_bins
    group by model_id, feature

),

-- Each week beside the reference, or the other weeks of it, in every bin of either.
compared as (

    select
        weeks.*,
        coalesce(drift_bins.n, 0) as bin_n,
        references_of_bins.n
        - case when weeks.is_reference then coalesce(drift_bins.n, 0) else 0 end
            as others_bin_n,
        nullif(
            reference_totals.n - case when weeks.is_reference then weeks.n else 0 end, 0
        ) as others_n
    from weeks
    inner join references_of_bins
        on
            weeks.model_id = references_of_bins.model_id
            and weeks.feature = references_of_bins.feature
    inner join reference_totals
        on
            weeks.model_id = reference_totals.model_id
            and weeks.feature = reference_totals.feature
    left join drift_bins
        on
            weeks.model_id = drift_bins.model_id
            and weeks.feature = drift_bins.feature
            and weeks.week_from_at = drift_bins.week_from_at
            and coalesce(references_of_bins.bin, '') = coalesce(drift_bins.bin, '')
            and (references_of_bins.bin is null) = (drift_bins.bin is null)

),

shares as (

    select
        *,
        greatest(bin_n / n, {{ least_share }}) as share,
        greatest(others_bin_n / others_n, {{ least_share }}) as others_share
    from compared

),

measured as (

    select
        problem,
        model_id,
        feature,
        is_category,
        week_from_at,
        is_reference,
        n,
        others_n,
        missing,
        greatest_above,
        greatest_below,
        {{ exact_sum('(share - others_share) * ln(share / others_share)') }} as psi,
        {{ exact_sum(
            '(bin_n * others_n - others_bin_n * n) ** 2'
            ~ ' / (n * others_n * nullif(bin_n + others_bin_n, 0))'
        ) }} as chi_squared
    from shares
    group by all

),

drift_distances as (

    select
        problem,
        model_id,
        feature,
        week_from_at,
        is_reference,
        cast(n as bigint) as n,
        cast(coalesce(others_n, 0) as bigint) as others_n,
        missing / n as missing_share,
        case when others_n is not null then psi end as psi,
        greatest(greatest_above, greatest_below) as ks,
        case when is_category then chi_squared end as chi_squared,
        case
            when is_category then sqrt(chi_squared / (n + others_n))
            else greatest_above + greatest_below
        end as distance
    from measured

)

select * from drift_distances
order by problem, model_id, feature, week_from_at
