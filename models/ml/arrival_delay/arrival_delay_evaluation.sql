with

clock as (

    select * from {{ ref('clock') }}

),

arrival_delay_models as (

    select * from {{ ref('arrival_delay_models') }}

),

arrival_delay_scores as (

    select * from {{ ref('arrival_delay_scores') }}

),

arrival_delay_labels as (

    select * from {{ ref('arrival_delay_labels') }}

),

fct_flights as (

    select * from {{ ref('fct_flights') }}

),

-- Each split ends where its labels had to be known.
splits as (

    select
        model_id,
        'calibration' as split,
        calibration_from_at as from_at,
        gate_from_at as to_at
    from arrival_delay_models
    union all
    select
        model_id,
        'gate' as split,
        gate_from_at as from_at,
        cutoff_at as to_at
    from arrival_delay_models
    union all
    select
        arrival_delay_models.model_id,
        'live' as split,
        arrival_delay_models.cutoff_at as from_at,
        clock.clock_at as to_at
    from arrival_delay_models
    cross join clock

),

routes as (

    select distinct
        splits.model_id,
        splits.split,
        splits.from_at as prediction_at,
        fct_flights.origin,
        fct_flights.destination
    from splits
    cross join fct_flights

),

-- The naive forecast: the share of late arrivals on the route, over all that was known
-- when the split began.
known_arrivals as (

    {{ point_in_time_join(
        'routes', 'route_arrivals', ['origin', 'destination'],
        ['arrivals_total', 'late_arrivals_total'],
        key=['model_id', 'split', 'origin', 'destination']
    ) }}

),

baselines as (

    select
        model_id,
        split,
        origin,
        destination,
        coalesce(
            late_arrivals_total / cast(arrivals_total as double),
            sum(late_arrivals_total) over (partition by model_id, split)
            / sum(cast(arrivals_total as double)) over (partition by model_id, split)
        ) as baseline_prediction
    from known_arrivals

),

labelled_scores as (

    select
        arrival_delay_scores.model_id,
        splits.split,
        arrival_delay_scores.flight_id,
        arrival_delay_scores.prediction_at,
        arrival_delay_scores.prediction,
        arrival_delay_labels.label,
        row_number() over (
            partition by
                arrival_delay_scores.model_id,
                arrival_delay_scores.flight_id,
                arrival_delay_scores.prediction_at
            order by arrival_delay_labels.label_known_at desc
        ) as recency
    from arrival_delay_scores
    inner join splits
        on
            arrival_delay_scores.model_id = splits.model_id
            and arrival_delay_scores.prediction_at >= splits.from_at
            and arrival_delay_scores.prediction_at < splits.to_at
    inner join arrival_delay_labels
        on
            arrival_delay_scores.flight_id = arrival_delay_labels.flight_id
            and arrival_delay_scores.prediction_at = arrival_delay_labels.prediction_at
            and splits.to_at > arrival_delay_labels.label_known_at

),

arrival_delay_evaluation as (

    select
        labelled_scores.model_id,
        labelled_scores.split,
        labelled_scores.flight_id,
        labelled_scores.prediction_at,
        fct_flights.flight_date_local as resampling_day,
        fct_flights.origin,
        fct_flights.carrier,
        labelled_scores.prediction,
        baselines.baseline_prediction,
        labelled_scores.label
    from labelled_scores
    inner join fct_flights on labelled_scores.flight_id = fct_flights.flight_id
    inner join baselines
        on
            labelled_scores.model_id = baselines.model_id
            and labelled_scores.split = baselines.split
            and fct_flights.origin = baselines.origin
            and fct_flights.destination = baselines.destination
    where labelled_scores.recency = 1 and labelled_scores.label is not null

)

select * from arrival_delay_evaluation
