{{ config(materialized='ephemeral') }}

with

models as (

    select * from {{ ref('models') }}

),

version_order as (

    select
        problem,
        model_id,
        cutoff_at,
        available_at,
        row_number() over (
            partition by problem
            order by available_at, cutoff_at, attempt
        ) as place
    from models

)

select * from version_order
