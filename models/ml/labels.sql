with

delivered_labels as (

    {{ of_all_problems('labels', [
        'entity_id',
        'prediction_at',
        'cast(label as double) as label',
        'label_known_at',
    ]) }}

),

labels as (

    select
        problem,
        entity_id,
        prediction_at,
        label,
        label_known_at,
        lead(label_known_at) over (
            partition by problem, entity_id, prediction_at
            order by label_known_at
        ) as superseded_at,
        row_number() over (
            partition by problem, entity_id, prediction_at
            order by label_known_at
        ) as version
    from delivered_labels
    where label_known_at is not null

)

select * from labels
