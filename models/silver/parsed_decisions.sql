{{ config(materialized='ephemeral') }}

with

raw_decisions as (

    select * from {{ ref('raw_decisions') }}

),

typed as (

    select
        {{ delivered_text('problem') }} as problem,
        {{ delivered_instant('decided_at') }} as decided_at,
        {{ delivered_text('model_id') }} as model_id,
        {{ delivered_text('action') }} as action,
        {{ delivered_text('decided_by') }} as decided_by,
        {{ delivered_text('reason') }} as reason,
        {{ correction_date('_file') }} as corrected_on,
        _file,
        _row_number,
        _landed_at,
        _batch_id
    from raw_decisions

),

parsed_decisions as (

    select
        *,
        case
            when decided_at is null then 'decided_at is missing or no instant'
            when problem is null or model_id is null
                then 'problem or model_id is missing'
            when coalesce(action, '') not in ('promote', 'rollback')
                then 'action is neither promote nor rollback'
        end as rejection
    from typed

)

select * from parsed_decisions
