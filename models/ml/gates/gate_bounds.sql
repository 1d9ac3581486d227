with

problems as (

    select
        problem,
        unnest(gates) as gate
    from {{ ref('problems') }}

),

gate_bounds as (

    select
        problems.problem,
        problems.gate.check_name,
        problems.gate.bound
    from problems

)

select * from gate_bounds
