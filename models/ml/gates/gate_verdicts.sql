with

gate_examples as (

    select * from {{ ref('evaluations') }}
    where split = 'gate'

),

paired_examples as (

    select * from {{ ref('paired_examples') }}

),

models as (

    select * from {{ ref('models') }}

),

gate_bounds as (

    select * from {{ ref('gate_bounds') }}

),

beats_baseline as (

    {{ beats_baseline('gate_examples') }}

),

calibrated as (

    {{ calibrated('gate_examples') }}

),

covers as (

    {{ covers('gate_examples') }}

),

no_segment_worse_than as (

    {{ no_segment_worse_than('gate_examples') }}

),

fairness_gap_below as (

    {{ fairness_gap_below('gate_examples') }}

),

not_worse_than_champion as (

    {{ not_worse_than_champion('paired_examples') }}

),

contributions_sum_to_score as (

    {{ contributions_sum_to_score('models') }}

),

checkable as (

    select distinct model_id
    from gate_examples

),

-- A version without a labelled example on its gate days is not passed by default.
not_checkable as (

    select
        models.problem,
        models.model_id,
        '' as compared_with,
        gate_bounds.check_name,
        'all' as segment,
        cast(null as double) as figure,
        gate_bounds.bound,
        cast(null as double) as ci_low,
        cast(null as double) as ci_high,
        cast(null as double) as p_value,
        cast(0 as bigint) as n,
        cast(0 as bigint) as days,
        false as passed
    from models
    inner join gate_bounds
        on
            models.problem = gate_bounds.problem
            and gate_bounds.check_name <> 'contributions_sum_to_score'
    left join checkable on models.model_id = checkable.model_id
    where checkable.model_id is null

),

gate_verdicts as (

    select * from beats_baseline
    union all
    select * from calibrated
    union all
    select * from covers
    union all
    select * from no_segment_worse_than
    union all
    select * from fairness_gap_below
    union all
    select * from not_worse_than_champion
    union all
    select * from contributions_sum_to_score
    union all
    select * from not_checkable

)

select * from gate_verdicts
order by problem, model_id, check_name, compared_with, segment
