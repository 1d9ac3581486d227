{{ config(materialized='ephemeral') }}

with

version_order as (

    select * from {{ ref('version_order') }}

),

fct_decisions as (

    select * from {{ ref('fct_decisions') }}

),

-- A decision holds for predictions made after it was known, which is the microsecond
-- after; one about a version that does not exist yet, or not here, decides nothing.
events as (

    select
        problem,
        model_id,
        available_at as decided_at,
        place as version_place,
        cast(null as varchar) as decided_by,
        cast(null as varchar) as reason
    from version_order
    union all
    select
        fct_decisions.problem,
        fct_decisions.model_id,
        fct_decisions.known_at + interval 1 microsecond as decided_at,
        cast(null as bigint) as version_place,
        fct_decisions.decided_by,
        fct_decisions.action || ' by ' || fct_decisions.decided_by
        || ': ' || fct_decisions.reason as reason
    from fct_decisions
    inner join version_order
        on
            fct_decisions.problem = version_order.problem
            and fct_decisions.model_id = version_order.model_id
            and fct_decisions.known_at >= version_order.available_at

),

promotion_events as (

    select
        problem,
        row_number() over (
            partition by problem
            order by decided_at, version_place nulls last, model_id
        ) as place,
        decided_at,
        model_id,
        decided_by,
        reason
    from events

)

select * from promotion_events
