-- From the first cut-off to the clock no flight is left without a published prediction.
-- (That none has two is the grain of the predictions.)
with

first_champion as (

    select min(from_at) as from_at
    from {{ ref('champions') }}
    where problem = 'arrival_delay'

),

arrival_delay_dataset as (

    select * from {{ ref('arrival_delay_dataset') }}

),

arrival_delay_predictions as (

    select * from {{ ref('arrival_delay_predictions') }}

)

select
    arrival_delay_dataset.flight_id,
    arrival_delay_dataset.prediction_at
from arrival_delay_dataset
inner join first_champion
    on arrival_delay_dataset.prediction_at >= first_champion.from_at
left join arrival_delay_predictions
    on
        arrival_delay_dataset.flight_id = arrival_delay_predictions.flight_id
        and arrival_delay_dataset.prediction_at
        = arrival_delay_predictions.prediction_at
where arrival_delay_predictions.flight_id is null
