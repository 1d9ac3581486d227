{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
) }}

with

arrival_delay_minutes_predictions as (

    {{ published('arrival_delay_minutes') }}

)

select * from arrival_delay_minutes_predictions
order by prediction_at, entity_id
