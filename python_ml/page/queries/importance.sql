-- The fifteen features worth most to the version in force.
with

in_force as (

    select
        problem,
        max_by(model_id, from_at) as model_id
    from ml.champions
    group by problem

),

ranked as (

    select
        importances.problem,
        importances.feature,
        importances.gain_share,
        importances.permutation_loss_increase,
        row_number() over (
            partition by importances.problem
            order by importances.gain_share desc, importances.feature
        ) as place
    from ml.importances as importances
    inner join in_force on importances.model_id = in_force.model_id

)

select * from ranked
where place <= 15
order by problem, place
