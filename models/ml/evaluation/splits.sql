with

clock as (

    select * from {{ ref('clock') }}

),

models as (

    select * from {{ ref('models') }}

),

-- Each split ends where its labels had to be known.
splits as (

    select
        problem,
        model_id,
        cutoff_at,
        'calibration' as split,
        calibration_from_at as from_at,
        gate_from_at as to_at
    from models
    union all
    select
        problem,
        model_id,
        cutoff_at,
        'gate' as split,
        gate_from_at as from_at,
        cutoff_at as to_at
    from models
    union all
    select
        models.problem,
        models.model_id,
        models.cutoff_at,
        'live' as split,
        models.cutoff_at as from_at,
        clock.clock_at as to_at
    from models
    cross join clock

)

select * from splits
