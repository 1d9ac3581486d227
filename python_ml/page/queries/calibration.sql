-- Said and happened, over all months of what was published.
select
    problem,
    event,
    bin,
    mean_prediction,
    expected_share,
    share,
    ci_low,
    ci_high,
    n
from monitoring.calibration
where model_id = 'published' and month_local = 'all months'
order by problem, event, bin
