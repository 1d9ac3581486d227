with

clock as (

    select * from {{ ref('clock') }}

),

flights_at_prediction as (

    select * from {{ ref('flights_at_prediction') }}

),

known_labels as (

    select
        arrival_delay_labels.*,
        row_number() over (
            partition by
                arrival_delay_labels.flight_id, arrival_delay_labels.prediction_at
            order by arrival_delay_labels.label_known_at desc
        ) as recency
    from {{ ref('arrival_delay_labels') }} as arrival_delay_labels
    inner join clock on arrival_delay_labels.label_known_at < clock.clock_at

),

arrival_delay_dataset as (

    select
        flights_at_prediction.*,
        known_labels.label,
        known_labels.label_known_at
    from flights_at_prediction
    left join known_labels
        on
            flights_at_prediction.flight_id = known_labels.flight_id
            and flights_at_prediction.prediction_at = known_labels.prediction_at
            and known_labels.recency = 1

)

select * from arrival_delay_dataset
