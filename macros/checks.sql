{#-
    The checks of a trained version. Each returns verdict rows from a relation of labelled
    examples like ml.evaluations: problem, model_id, compared_with, check_name, segment,
    figure, bound, ci_low, ci_high, p_value, n, days, passed. The bounds are those that a
    problem declares under `gates`. A version fails a check when its figure lies beyond the
    bound and resampled days say that this is no accident; ml.gates corrects for the
    number of checks.
-#}


{#-
    The loss is at least this share below that of the naive forecast. A constant that
    follows the season can pass, when the naive forecast does not: that one is stopped by
    not_worse_than_champion.
-#}
{% macro beats_baseline(examples) -%}
    {{ verdicts('beats_baseline', daily_sums(
        examples, "'all'", 'baseline_loss - loss', 'baseline_loss'
    ), at_least=true) }}
{%- endmacro %}


{#- Probabilities agree with shares: mean distance over ten bins of equal size. -#}
{% macro calibrated(examples) -%}
    {%- set binned -%}
    (
        select
            *,
            ntile(10) over (
                partition by model_id order by prediction, entity_id, prediction_at
            ) as bin
        from {{ examples }}
    )
    {%- endset -%}
    {{ verdicts('calibrated', daily_sums(
        binned, "'all'", 'prediction - label', '1', part='bin'
    ), is_distance=true) }}
{%- endmacro %}


{#- The share of labels in the interval lies no farther than this from the declared one. -#}
{% macro covers(examples) -%}
    {%- set with_interval -%}
    (
        select
            examples.*,
            problems.coverage
        from {{ examples }} as examples
        inner join {{ ref('problems') }} as problems on examples.problem = problems.problem
    )
    {%- endset -%}
    {{ verdicts('covers', daily_sums(
        with_interval, "'all'",
        'cast(label >= lower and label <= upper as integer) - coverage', '1'
    ), is_distance=true) }}
{%- endmacro %}


{#- In no declared group is the loss more than this share above the naive forecast's. -#}
{% macro no_segment_worse_than(examples) -%}
    {{ verdicts('no_segment_worse_than', daily_sums(
        by_group(examples), 'segment', 'loss - baseline_loss', 'baseline_loss'
    )) }}
{%- endmacro %}


{#-
    In no declared group do predictions lie farther than this, on average, above or below
    what happened than for everybody on the same day; in standard deviations of the label.
-#}
{% macro fairness_gap_below(examples) -%}
    {%- set with_errors -%}
    (
        select
            *,
            (prediction - label - error_of_day)
            / nullif(sqrt(mean_square - mean_label * mean_label), 0) as error
        from (
            select
                *,
                {{ exact_sum_over('prediction - label', 'model_id, resampling_day') }}
                / count(*) over (partition by model_id, resampling_day) as error_of_day,
                {{ exact_sum_over('label', 'model_id') }}
                / count(*) over (partition by model_id) as mean_label,
                {{ exact_sum_over('label * label', 'model_id') }}
                / count(*) over (partition by model_id) as mean_square
            from {{ examples }}
        ) as with_means
    )
    {%- endset -%}
    {{ verdicts('fairness_gap_below', daily_sums(
        by_group(with_errors), 'segment', 'error', '1'
    ), is_distance=true) }}
{%- endmacro %}


{#-
    The loss is at most this share above that of another version on the same examples: a
    relation with compared_with and incumbent_loss as well. What is accident is how the
    difference varies from day to day, not from flight to flight: a storm moves all
    flights of a day together.
-#}
{% macro not_worse_than_champion(pairs) -%}
    {{ verdicts('not_worse_than_champion', daily_sums(
        pairs, "'all'", 'loss - incumbent_loss', 'incumbent_loss',
        compared_with='compared_with'
    )) }}
{%- endmacro %}


{#- The contributions of the features sum to the raw score, to this distance. -#}
{% macro contributions_sum_to_score(models) -%}
    select
        models.problem,
        models.model_id,
        '' as compared_with,
        'contributions_sum_to_score' as check_name,
        'all' as segment,
        models.contribution_error as figure,
        bounds.bound,
        cast(null as double) as ci_low,
        cast(null as double) as ci_high,
        cast(null as double) as p_value,
        cast(null as bigint) as n,
        cast(null as bigint) as days,
        coalesce(models.contribution_error <= bounds.bound, false) as passed
    from {{ models }} as models
    inner join {{ ref('gate_bounds') }} as bounds
        on
            models.problem = bounds.problem
            and bounds.check_name = 'contributions_sum_to_score'
{%- endmacro %}


{#-
    The examples once for each declared group that they belong to, if it can be judged: it
    has 100 of them, and 10 whose label is not the most frequent one. On fewer, days do not
    differ enough to say how much is accident.
-#}
{% macro by_group(examples) -%}
    (
        select *
        from (
            select
                *,
                count(*) over (partition by model_id, segment) as examples_of_group,
                max(examples_of_label) over (partition by model_id, segment)
                    as examples_of_commonest_label
            from (
                select
                    *,
                    count(*) over (partition by model_id, segment, label) as examples_of_label
                from (select *, unnest(segments) as segment from {{ examples }}) as grouped
                where segment <> 'all'
            ) as labelled
        ) as counted
        where {{ can_be_judged(
            'examples_of_group', 'examples_of_group - examples_of_commonest_label'
        ) }}
    )
{%- endmacro %}


{#- Whether a group is large enough: it has so many examples, and so many are not alike. -#}
{% macro can_be_judged(examples, of_other_labels) -%}
    {{ examples }} >= 100
            and {{ of_other_labels }} >= 10
{%- endmacro %}


{#- What a figure is made of, day by day: the sum over parts of a ratio of two sums. -#}
{% macro daily_sums(examples, segment, numerator, denominator, part='0', compared_with="''") -%}
    select
        problem,
        model_id,
        {{ compared_with }} as compared_with,
        {{ segment }} as segment,
        {{ part }} as part,
        resampling_day,
        count(*) as n,
        {{ exact_sum(numerator) }} as numerator,
        {{ exact_sum(denominator) }} as denominator
    from {{ examples }} as examples
    group by all
{%- endmacro %}


{#-
    Verdicts from daily sums. The interval and the p-value (that a figure at the bound
    looks as bad as this one) come from resampled days, as in ml.metrics; by reflection
    they are free of the bias of a distance, which grows as rows become few.

    days: a query as daily_sums gives it.
    is_distance: the figure is a sum of absolute values.
    at_least: the figure should not be below the bound; else, not above it.
-#}
{% macro verdicts(check_name, days, is_distance=false, at_least=false) -%}
    {%- set figure -%}
    {{ exact_sum('abs(numerator)' if is_distance else 'numerator') }}
            / nullif({{ exact_sum('denominator') }}, 0)
    {%- endset -%}
    {%- set row = 'problem, model_id, compared_with, segment' -%}
    {%- set limits = [0, none] if is_distance else [none, none] -%}
    with days as (
        {{ days }}
    ),

    figures as (
        select
            {{ row }},
            sum(n) as n,
            max(days) as days,
            {{ figure }} as figure
        from (
            select
                {{ row }},
                part,
                sum(n) as n,
                count(*) as days,
                {{ exact_sum('numerator') }} as numerator,
                {{ exact_sum('denominator') }} as denominator
            from days
            group by {{ row }}, part
        ) as parts
        group by {{ row }}
    ),

    replicates as (
        select
            {{ row }},
            replicate,
            {{ figure }} as figure
        from (
            select
                {{ row }},
                part,
                replicate,
                {{ exact_sum('times_drawn * numerator') }} as numerator,
                {{ exact_sum('times_drawn * denominator') }} as denominator
            from days
            inner join {{ ref('resampled_days') }} as resampled_days using (resampling_day)
            group by {{ row }}, part, replicate
        ) as parts
        group by {{ row }}, replicate
    ),

    spreads as (
        select
            {{ row }},
            {{ exact_sum('figure') }} / count(figure) as mean,
            percentile_cont(0.16) within group (order by figure) as one_below,
            percentile_cont(0.84) within group (order by figure) as one_above,
            percentile_cont(0.025) within group (order by figure) as low,
            percentile_cont(0.975) within group (order by figure) as high
        from replicates
        group by {{ row }}
    ),

    tested as (
        select
            figures.problem,
            figures.model_id,
            figures.compared_with,
            figures.segment,
            figures.figure,
            bounds.bound,
            {{ limited('2 * figures.figure - spreads.high', limits) }} as ci_low,
            {{ limited('2 * figures.figure - spreads.low', limits) }} as ci_high,
            {{ -1 if at_least else 1 }} * (2 * figures.figure - spreads.mean - bounds.bound)
            / nullif((spreads.one_above - spreads.one_below) / 2, 0) as deviations_beyond,
            cast(figures.n as bigint) as n,
            figures.days,
            figures.figure {{ '>=' if at_least else '<=' }} bounds.bound as is_within
        from figures
        inner join {{ ref('gate_bounds') }} as bounds
            on
                figures.problem = bounds.problem
                and bounds.check_name = '{{ check_name }}'
        left join spreads
            on
                figures.problem = spreads.problem
                and figures.model_id = spreads.model_id
                and figures.compared_with = spreads.compared_with
                and figures.segment = spreads.segment
                and figures.days >= 2  -- one day says nothing of how days differ
    )

    select
        problem,
        model_id,
        compared_with,
        '{{ check_name }}' as check_name,
        segment,
        figure,
        bound,
        ci_low,
        ci_high,
        {{ normal_tail('deviations_beyond') }} as p_value,
        n,
        days,
        coalesce(is_within or {{ normal_tail('deviations_beyond') }} >= 0.05, false)
            as passed
    from tested
{%- endmacro %}


{#-
    The chance of a standard normal number above z, to 1e-7. Source: Abramowitz and Stegun,
    Handbook of Mathematical Functions, 26.2.17.
-#}
{% macro normal_tail(z) -%}
    {%- set t = '(1 / (1 + 0.2316419 * abs(' ~ z ~ ')))' -%}
    (
            case when {{ z }} < 0 then 1 else 0 end
            + case when {{ z }} < 0 then -1 else 1 end
            * exp(-{{ z }} * {{ z }} / 2) / sqrt(2 * pi())
            * (
                0.319381530 * {{ t }}
                - 0.356563782 * {{ t }} ** 2
                + 1.781477937 * {{ t }} ** 3
                - 1.821255978 * {{ t }} ** 4
                + 1.330274429 * {{ t }} ** 5
            )
        )
{%- endmacro %}


{#-
    The deviations of a standard normal number that are as unlikely as t of Student's
    distribution; their tail is up to 12 % too large at 9 degrees of freedom and 10
    deviations, never too small in what is tested. Source: Wallace, Bounds on normal
    approximations to Student's and the chi-square distributions (1959).
-#}
{% macro normal_of_t(t, freedom) -%}
    sign({{ t }})
        * (8 * {{ freedom }} + 1) / (8 * {{ freedom }} + 3)
        * sqrt({{ freedom }} * ln(1 + {{ t }} * {{ t }} / {{ freedom }}))
{%- endmacro %}


{#-
    The same to 4 % of the tail from two degrees of freedom on, where normal_of_t is off by
    far; but on either side of it. Source: as there, its closer approximation.
-#}
{% macro close_normal_of_t(t, freedom) -%}
    {%- set log_term = 'greatest(ln(1 + ' ~ t ~ ' * ' ~ t ~ ' / ' ~ freedom ~ '), 1e-300)' -%}
    {%- set s = '0.184 * (8 * ' ~ freedom ~ ' + 3) / ' ~ freedom ~ ' / sqrt(' ~ log_term ~ ')' -%}
    sign({{ t }}) * sqrt({{ freedom }} * {{ log_term }})
    * (1 - 2 * sqrt(1 - exp(-({{ s }}) * ({{ s }}))) / (8 * {{ freedom }} + 3))
{%- endmacro %}
