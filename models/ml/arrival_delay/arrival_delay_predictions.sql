{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
) }}

with

arrival_delay_predictions as (

    {{ published('arrival_delay') }}

)

select * from arrival_delay_predictions
order by prediction_at, entity_id
