{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
) }}

with

cancellation_predictions as (

    {{ published('cancellation') }}

)

select * from cancellation_predictions
order by prediction_at, entity_id
