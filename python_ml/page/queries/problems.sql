-- The problems, and how good what they published was until the clock.
with

whole_months as (

    select * from ml.track_record
    where period = 'to date'

),

until_now as (

    select * from whole_months
    where until_month_local = (select max(until_month_local) from whole_months)

)

select
    problems.problem,
    problems.task,
    problems.label,
    problems.prediction_time,
    until_now.metric,
    until_now.value,
    until_now.baseline_value,
    until_now.n
from ml.problems as problems
left join until_now on problems.problem = until_now.problem
order by problems.problem, until_now.metric
