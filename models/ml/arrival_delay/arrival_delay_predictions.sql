{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
) }}

with

clock as (

    select * from {{ ref('clock') }}

),

champions as (

    select * from {{ ref('champions') }}
    where problem = 'arrival_delay'

),

arrival_delay_scores as (

    select * from {{ ref('arrival_delay_scores') }}

),

arrival_delay_predictions as (

    select
        arrival_delay_scores.flight_id,
        arrival_delay_scores.prediction_at,
        arrival_delay_scores.model_id,
        arrival_delay_scores.prediction,
        cast(null as double) as lower,
        cast(null as double) as upper
    from arrival_delay_scores
    inner join champions
        on
            arrival_delay_scores.model_id = champions.model_id
            and arrival_delay_scores.prediction_at >= champions.from_at
            and (
                champions.to_at is null
                or arrival_delay_scores.prediction_at < champions.to_at
            )
    inner join clock on arrival_delay_scores.prediction_at < clock.clock_at
    {% if is_incremental() %}
        left join {{ this }} as published
            on
                arrival_delay_scores.flight_id = published.flight_id
                and arrival_delay_scores.prediction_at = published.prediction_at
        where published.flight_id is null
    {% endif %}

)

select * from arrival_delay_predictions
order by prediction_at, flight_id
