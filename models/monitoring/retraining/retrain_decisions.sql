with

retrain_cutoffs as (

    select * from {{ ref('retrain_cutoffs') }}

),

retrain_evidence as (

    select * from {{ ref('retrain_evidence') }}

),

retrain_losses as (

    select * from {{ ref('retrain_losses') }}

),

-- What was trained again later, because a declaration changed, is no decision of then.
models as (

    select * from {{ ref('models') }}
    where attempt = 1

),

promotions as (

    select * from {{ ref('promotions') }}
    where decided_by is null

),

retrain_decisions as (

    select
        retrain_evidence.problem,
        retrain_evidence.cutoff_at,
        retrain_evidence.reason,
        case retrain_evidence.reason
            when 'schedule'
                then
                    retrain_cutoffs.incumbent_id is null
                    or retrain_evidence.figure >= retrain_evidence.bound
            when 'performance'
                then coalesce(retrain_losses.ci_low > retrain_evidence.bound, false)
            else coalesce(retrain_evidence.figure >= retrain_evidence.bound, false)
        end as is_due,
        retrain_evidence.figure,
        retrain_evidence.bound,
        retrain_losses.ci_low,
        retrain_losses.ci_high,
        retrain_evidence.evidence,
        retrain_cutoffs.incumbent_id,
        models.model_id,
        coalesce(promotions.is_promoted, false) as is_promoted,
        case
            when models.model_id is null then 'not trained'
            when promotions.is_promoted then 'trained and promoted: '
            else 'trained, not promoted: '
        end || coalesce(promotions.reason, '') as decision
    from retrain_evidence
    inner join retrain_cutoffs
        on
            retrain_evidence.problem = retrain_cutoffs.problem
            and retrain_evidence.cutoff_at = retrain_cutoffs.cutoff_at
    left join retrain_losses
        on
            retrain_evidence.problem = retrain_losses.problem
            and retrain_evidence.cutoff_at = retrain_losses.cutoff_at
            and retrain_evidence.reason = 'performance'
    left join models
        on
            retrain_evidence.problem = models.problem
            and retrain_evidence.cutoff_at = models.cutoff_at
    left join promotions on models.model_id = promotions.challenger_id

)

select * from retrain_decisions
order by problem, cutoff_at, reason
