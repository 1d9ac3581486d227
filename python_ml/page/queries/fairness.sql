-- How what was published treats the declared groups.
select
    problem,
    group_column,
    segment,
    metric,
    value,
    ci_low,
    ci_high,
    n
from monitoring.fairness
where
    model_id = 'published'
    and is_judged
    and segment not in ('(gap)', '(ratio)')
order by problem, metric, group_column, segment
