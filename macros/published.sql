{#-
    The ends of the interval, moved by the offsets of the day (ml.interval_offsets); they
    never cross the prediction. Null for a binary problem.
-#}
{% macro moved_interval(scores) -%}
    case
            when {{ scores }}.lower is not null then least(
                {{ scores }}.lower - coalesce(interval_offsets.lower_offset, 0),
                {{ scores }}.prediction
            )
        end as lower,
        case
            when {{ scores }}.upper is not null then greatest(
                {{ scores }}.upper + coalesce(interval_offsets.upper_offset, 0),
                {{ scores }}.prediction
            )
        end as upper
{%- endmacro %}


{#-
    What a problem publishes: the score of the version in force at prediction_at, once.
-#}
{% macro published(problem) -%}
    select
        scores.entity_id,
        scores.prediction_at,
        scores.model_id,
        scores.prediction,
        {{ moved_interval('scores') }}
    from {{ ref(problem ~ '_scores') }} as scores
    inner join {{ ref('champions') }} as champions
        on
            scores.model_id = champions.model_id
            and champions.problem = '{{ problem }}'
            and scores.prediction_at >= champions.from_at
            and scores.prediction_at < coalesce(champions.to_at, timestamp '9999-01-01')
    inner join {{ ref('clock') }} as clock on scores.prediction_at < clock.clock_at
    left join {{ ref('interval_offsets') }} as interval_offsets
        on
            scores.model_id = interval_offsets.model_id
            and {{ dbt.date_trunc('day', 'scores.prediction_at') }}
            = interval_offsets.from_at
    {%- if is_incremental() %}
    left join {{ this }} as already
        on
            scores.entity_id = already.entity_id
            and scores.prediction_at = already.prediction_at
    where already.entity_id is null
    {%- endif %}
{%- endmacro %}


{#- Drops the reasons of predictions that are no longer among those explained. -#}
{% macro forget_old_explanations() -%}
    delete from {{ this }}
    where prediction_at < (select clock_at - interval 28 day from {{ ref('clock') }})
{%- endmacro %}
