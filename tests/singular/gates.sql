-- The version in force passed every check that was to decide about it.
with

champions as (

    select * from {{ ref('champions') }}
    where to_at is null

),

gates as (

    select * from {{ ref('gates') }}

)

select gates.*
from champions
left join gates on champions.model_id = gates.model_id
where gates.passed is not true
