with

overdue_changes as (

    select * from {{ ref('overdue_changes') }}

),

origin_overdue_departures as (

    {{ running_totals(
        'overdue_changes', ['origin'], 'changes', ['overdue_departures']
    ) }}

)

select * from origin_overdue_departures
