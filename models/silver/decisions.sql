with

parsed_decisions as (

    select * from {{ ref('parsed_decisions') }}

),

usable as (

    select * from parsed_decisions
    where rejection is null

),

delivered as (

    {{ deliveries('usable', ['problem', 'decided_at']) }}

),

decision_facts as (

    select
        *,
        {{ known_at('decided_at') }} as known_at
    from delivered
    where delivery_number = 1

),

known_facts as (

    select * from decision_facts
    where {{ is_known('known_at') }}

),

decisions as (

    {{ fact_versions('known_facts', ['problem', 'decided_at'], [
        'model_id',
        'action',
        'decided_by',
        'reason',
    ]) }}

)

select * from decisions
