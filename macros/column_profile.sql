{#-
    How columns of one type look, a row of monitoring.profile for each. A table is scanned
    once and the values of a column are counted once; all figures come from these counts,
    which are few where values repeat.

    columns: mappings as `columns_of_tables` selects them; their tables may differ.
-#}
{% macro column_profiles(columns) -%}
    {%- set kind = kind_of_values(columns[0].data_type) -%}
    {%- set is_number = kind in ['float', 'number', 'instant'] -%}
    {%- set tables = columns | map(attribute='relation_sql') | unique(case_sensitive=true) | list -%}
    with
    columns (id, relation, rows_snapshot, column_name, position, data_type) as (
        values
        {%- for column in columns %}
        (
            {{ loop.index }},
            {{ sql_text(column.relation) }},
            {{ column.rows_snapshot }},
            {{ sql_text(column.column_name) }},
            {{ column.position }},
            {{ sql_text(column.data_type) }}
        ){{ ',' if not loop.last }}
        {%- endfor %}
    ),
    {%- for table in tables %}
    table_{{ loop.index }} as materialized (
        select
            {%- for column in columns if column.relation_sql == table %}
            {{ adapter.quote(column.column_name) }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ table }}
    ),
    {%- endfor %}
    value_counts as materialized (
        {%- for column in columns %}
        {%- set value = 'profiled.' ~ adapter.quote(column.column_name) %}
        select
            {{ loop.index }} as id,
            {{ 'case when not isnan(' ~ value ~ ') then ' ~ value ~ ' end' if kind == 'float' else value }} as value,
            count(*) as n
        from table_{{ tables.index(column.relation_sql) + 1 }} as profiled
        group by all
        {{- ' union all' if not loop.last }}
        {%- endfor %}
    ),
    totals as (
        select
            id,
            cast(sum(n) as bigint) as rows,
            cast(coalesce(sum(n) filter (value is null), 0) as bigint) as missing,
            count(value) as distinct_values,
            {%- if kind == 'boolean' %}
            coalesce(sum(n) filter (value), 0) / sum(n) filter (value is not null) as mean,
            {%- endif %}
            {%- if kind != 'other' %}
            left(cast(min(value) as varchar), 100) as smallest,
            left(cast(max(value) as varchar), 100) as largest,
            {%- endif %}
            list_transform(
                min({'less': -n, 'value': value}, 5) filter (value is not null),
                lambda top: {'value': left(cast(top.value as varchar), 100), 'n': -top.less}
            ) as top_values
        from value_counts
        group by id
    )
    {%- if is_number %},
    {{ figures_of_numbers(kind) }}
    {%- endif %}
    select
        columns.* exclude (id),
        totals.* exclude (id) replace (
            coalesce(rows, 0) as rows, coalesce(missing, 0) as missing, coalesce(distinct_values, 0) as distinct_values
        )
        {{- ', numbers.* exclude (id) replace (coalesce(infinite, 0) as infinite)' if is_number }}
    from columns
    left join totals using (id)
    {%- if is_number %}
    left join numbers using (id)
    {%- endif %}
{%- endmacro %}


{% macro sql_text(value) -%}
    '{{ value | replace("'", "''") }}'
{%- endmacro %}


{#- What can be said of the values of a type of DuckDB. -#}
{% macro kind_of_values(data_type) %}
    {% set type = 'nested' if data_type.endswith(']') else data_type.split('(')[0] %}
    {% if type in ['FLOAT', 'DOUBLE'] %}
        {% do return('float') %}
    {% elif type in ['DECIMAL', 'INTEGER', 'UINTEGER'] or type.endswith('INT') %}
        {% do return('number') %}
    {% elif type == 'DATE' or type.startswith('TIMESTAMP') %}
        {% do return('instant') %}
    {% else %}
        {% do return({'BOOLEAN': 'boolean', 'VARCHAR': 'text'}.get(type, 'other')) %}
    {% endif %}
{% endmacro %}


{#-
    Steps from `value_counts` to `numbers`, the figures of numbers; an instant is one as
    well, in seconds since 1970. What is infinite is only counted.

    Quantiles lie between two values as they do in pandas and R (type 7).
-#}
{% macro figures_of_numbers(kind) -%}
    {%- set shares = {'p05': 0.05, 'p25': 0.25, 'median': 0.5, 'p75': 0.75, 'p95': 0.95} -%}
    numbers_and_infinities as (
        select
            id,
            {{ 'epoch(value)' if kind == 'instant' else 'cast(value as double)' }} as x,
            n
        from value_counts
        where value is not null
    ),
    bounds as (
        select
            id,
            cast(coalesce(sum(n) filter (isfinite(x)), 0) as bigint) as n_finite,
            cast(sum(n) as bigint) - n_finite as infinite,
            min(x) filter (isfinite(x)) as minimum,
            max(x) filter (isfinite(x)) as maximum,
            (maximum - minimum) / 10 as width,
            4 * count(*) < sum(n) as is_few_values
        from numbers_and_infinities
        group by id
    ),
    finite_numbers as (
        select id, x, n, n_finite, minimum, width, is_few_values
        from numbers_and_infinities
        inner join bounds using (id)
        where isfinite(x)
    ),
    {{ quantiles_of_numbers(shares) }},
    {{ sums_of_distances() }},
    numbers as (
        select
            id,
            infinite,
            minimum,
            {{ shares | join(', ') }},
            maximum,
            median + mean_distance as mean,
            case
                when n_finite > 1
                    then sqrt(greatest(squares - n_finite * mean_distance * mean_distance, 0) / (n_finite - 1))
            end as standard_deviation,
            (outliers + infinite) / (n_finite + infinite) as outlier_share,
            case when isfinite(width) then histogram end as histogram
        from bounds
        left join quantiles using (id)
        left join sums using (id)
    )
{%- endmacro %}


{#-
    Steps from `finite_numbers` to `quantiles`. Where values repeat much, their counts are
    added up in order until the rank of the quantile; where they hardly do, it is quicker
    to repeat them and to leave the rest to DuckDB.
-#}
{% macro quantiles_of_numbers(shares) -%}
    counts_in_order as (
        select
            id,
            x,
            n_finite - 1 as last_rank,
            sum(n) over (partition by id order by x rows between unbounded preceding and current row) as until_rank
        from finite_numbers
        where is_few_values
    ),
    numbers_repeated as (
        select id, x from finite_numbers where not is_few_values and n = 1
        union all
        select id, unnest(repeat([x], n)) as x from finite_numbers where not is_few_values and n > 1
    ),
    quantile_lists as (
        select id, [{{ quantiles_between_ranks(shares.values()) | join(', ') }}] as quantiles
        from counts_in_order
        group by id, last_rank
        union all
        select id, quantile_cont(x, {{ shares.values() | list }}) as quantiles
        from numbers_repeated
        group by id
    ),
    quantiles as (
        select
            id,
            {%- for name in shares %}
            quantiles[{{ loop.index }}] as {{ name }},
            {%- endfor %}
            1.5 * (p75 - p25) as fence
        from quantile_lists
    )
{%- endmacro %}


{#-
    Steps from `finite_numbers` and `quantiles` to `sums`. Distances are those from the
    median, which is never further from the mean than the standard deviation is large:
    nothing is lost by cancellation. The edges of the bins are those of numpy, to the bit.
-#}
{% macro sums_of_distances() -%}
    distances as (
        select
            id,
            n,
            x - median as distance,
            x < p25 - fence or x > p75 + fence as is_outlier,
            least(coalesce(floor((x - minimum) / nullif(width, 0)), 9), 9) as guess,
            guess
            - cast(x < minimum + guess * width as integer)
            + cast(guess < 9 and x >= minimum + (guess + 1) * width as integer) as bin
        from finite_numbers
        inner join quantiles using (id)
    ),
    bins as (
        select
            id,
            bin,
            sum(n) as n,
            sum(n) filter (is_outlier) as outliers,
            fsum(n * distance) as distances,
            fsum(n * distance * distance) as squares
        from distances
        group by id, bin
    ),
    sums as (
        select
            id,
            coalesce(sum(outliers), 0) as outliers,
            fsum(distances) / sum(n) as mean_distance,
            fsum(squares) as squares,
            cast([
                {%- for bin in range(10) %}
                coalesce(sum(n) filter (bin = {{ bin }}), 0){{ ',' if not loop.last }}
                {%- endfor %}
            ] as bigint[]) as histogram
        from bins
        group by id
    )
{%- endmacro %}


{#- Quantiles of values of which `until_rank` is how many are at most as large. -#}
{% macro quantiles_between_ranks(shares) %}
    {% set quantiles = [] %}
    {% for share in shares %}
        {% set rank %}(cast({{ share }} as double) * last_rank){% endset %}
        {% set below %}min(x) filter (until_rank > floor({{ rank }})){% endset %}
        {% set above %}min(x) filter (until_rank > ceil({{ rank }})){% endset %}
        {% do quantiles.append(below ~ ' + (' ~ above ~ ' - ' ~ below ~ ') * (' ~ rank ~ ' - floor(' ~ rank ~ '))') %}
    {% endfor %}
    {% do return(quantiles) %}
{% endmacro %}
