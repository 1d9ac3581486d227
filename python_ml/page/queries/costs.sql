-- What the most expensive nodes took when they were last built.
with

latest as (

    select
        node,
        max_by(seconds, run_started_at) as seconds,
        max_by(peak_memory_mb, run_started_at) as peak_memory_mb,
        max_by(rows, run_started_at) as rows
    from ml.costs
    group by node

)

select
    node,
    split_part(node, '.', 1) as layer,
    round(seconds, 1) as seconds,
    peak_memory_mb,
    rows,
    sum(seconds) over () as all_seconds
from latest
order by seconds desc, node
limit 15
