with recursive

models as (

    select * from {{ ref('models') }}

),

gate_comparisons as (

    select * from {{ ref('gate_comparisons') }}

),

versions as (

    select
        problem,
        model_id,
        cutoff_at,
        row_number() over (
            partition by problem
            order by cutoff_at
        ) as place
    from models

),

-- Version by version: the challenger takes over unless it is worse, on the days of its
-- gate, than the version then in force.
decisions as (

    select
        problem,
        place,
        model_id,
        cutoff_at,
        true as is_promoted,
        'first version' as reason
    from versions
    where place = 1
    union all
    select
        versions.problem,
        versions.place,
        case
            when
                gate_comparisons.challenger_log_loss
                <= gate_comparisons.incumbent_log_loss
                then versions.model_id
            else decisions.model_id
        end as model_id,
        versions.cutoff_at,
        coalesce(
            gate_comparisons.challenger_log_loss <= gate_comparisons.incumbent_log_loss,
            false
        ) as is_promoted,
        'log loss on the gate days '
        || cast(cast(gate_comparisons.challenger_log_loss as decimal(9, 5)) as varchar)
        || ', that of ' || decisions.model_id || ' '
        || cast(cast(gate_comparisons.incumbent_log_loss as decimal(9, 5)) as varchar)
            as reason
    from decisions
    inner join versions
        on
            decisions.problem = versions.problem
            and versions.place = decisions.place + 1
    left join gate_comparisons
        on
            versions.model_id = gate_comparisons.challenger_id
            and decisions.model_id = gate_comparisons.incumbent_id

),

champions as (

    select
        problem,
        model_id,
        cutoff_at as from_at,
        lead(cutoff_at) over (
            partition by problem
            order by cutoff_at
        ) as to_at,
        reason
    from decisions
    where is_promoted

)

select * from champions
order by problem, from_at
