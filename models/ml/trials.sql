{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    full_refresh=false,
) }}

-- A build keeps this table and adds nothing to it: `goldleaf tune` does.
select
    cast(null as varchar) as problem,
    cast(null as varchar) as study,
    cast(null as bigint) as trial,
    cast(null as varchar) as state,
    cast(null as varchar) as parameters,
    cast(null as varchar) as metric,
    cast(null as double) as value,
    cast(null as timestamp[]) as fold_cutoffs,
    cast(null as double[]) as fold_values,
    cast(null as double) as seconds,
    cast(null as varchar) as code_sha256
where false
