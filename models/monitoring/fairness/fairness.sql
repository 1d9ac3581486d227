with

fairness_replicates as (

    select * from {{ ref('fairness_replicates') }}

),

models as (

    select * from {{ ref('models') }}

),

-- The groups that lie farthest apart may be others in another sample of days.
extremes as (

    select
        problem,
        model_id,
        split,
        group_column,
        metric,
        replicate,
        sum(n) as n,
        max(days) as days,
        min(value) as smallest,
        max(value) as largest,
        array_agg(segment order by value, segment) as segments
    from fairness_replicates
    where is_judged
    group by problem, model_id, split, group_column, metric, replicate
    having count(*) >= 2

),

figures as (

    select
        problem,
        model_id,
        split,
        group_column,
        segment,
        metric,
        replicate,
        value,
        n,
        days,
        is_judged,
        cast(null as varchar) as lowest_segment,
        cast(null as varchar) as highest_segment
    from fairness_replicates
    {% for name, value in [
        ('(gap)', 'largest - smallest'), ('(ratio)', 'smallest / nullif(largest, 0)')
    ] %}
        union all
        select
            problem,
            model_id,
            split,
            group_column,
            '{{ name }}' as segment,
            metric,
            replicate,
            {{ value }} as value,
            n,
            days,
            true as is_judged,
            segments[1] as lowest_segment,
            segments[len(segments)] as highest_segment
        from extremes
        {{ "where metric not in ('calibration', 'bias')" if name == '(ratio)' }}
    {% endfor %}
),

spreads as (

    select
        problem,
        model_id,
        split,
        group_column,
        segment,
        metric,
        percentile_cont(0.025) within group (order by value) as low,
        percentile_cont(0.975) within group (order by value) as high
    from figures
    where
        replicate > 0
        and days >= 2  -- one day says nothing of how days differ
    group by problem, model_id, split, group_column, segment, metric

),

-- By reflection the intervals of a distance are free of its bias, which grows as rows
-- become few.
fairness as (

    select
        figures.problem,
        figures.model_id,
        models.cutoff_at,
        {{ declared_value('models.declaration', 'reweigh') }} as reweigh,
        figures.split,
        figures.group_column,
        figures.segment,
        figures.metric,
        figures.value,
        case figures.segment
            when '(gap)'
                then {{ limited('2 * figures.value - spreads.high', [0, none]) }}
            when '(ratio)'
                then {{ limited('2 * figures.value - spreads.high', [0, 1]) }}
            else spreads.low
        end as ci_low,
        case figures.segment
            when '(gap)'
                then {{ limited('2 * figures.value - spreads.low', [0, none]) }}
            when '(ratio)'
                then {{ limited('2 * figures.value - spreads.low', [0, 1]) }}
            else spreads.high
        end as ci_high,
        figures.lowest_segment,
        figures.highest_segment,
        cast(figures.n as bigint) as n,
        figures.is_judged
    from figures
    left join spreads
        using (problem, model_id, split, group_column, segment, metric)
    left join models on figures.model_id = models.model_id
    where figures.replicate = 0 and figures.value is not null

)

select * from fairness
order by problem, model_id, split, group_column, segment, metric
