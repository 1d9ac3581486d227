with

overdue_changes as (

    select * from {{ ref('overdue_changes') }}

),

network_overdue_departures as (

    {{ running_totals(
        'overdue_changes', [], 'changes', ['overdue_departures']
    ) }}

)

select * from network_overdue_departures
