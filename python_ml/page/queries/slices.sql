-- Where the published predictions are worse than elsewhere.
select
    problem,
    place,
    slice,
    n,
    loss,
    loss_elsewhere,
    baseline_loss,
    lift,
    corrected_p_value
from monitoring.error_slices
where place <= 10
order by problem, place
