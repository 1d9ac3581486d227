with

published_members as (

    select * from {{ ref('published_members') }}

),

published_periods as (

    select
        problem,
        model_id,
        period,
        period_from_local,
        segment,
        count(*) as predictions,
        count(label) as labels_known,
        count(*) filter (where is_label_pending) as labels_pending,
        count(*) filter (where label is null and not is_label_pending)
            as labels_ruled_out
    from published_members
    group by problem, model_id, period, period_from_local, segment

)

select * from published_periods
order by problem, model_id, period, period_from_local, segment
