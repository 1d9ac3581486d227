{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    full_refresh=false,
) }}

-- A build keeps this table and adds nothing to it: `goldleaf leak-proof` does.
select
    cast(null as timestamp) as cutoff_at,
    cast(null as bigint) as seed,
    cast(null as varchar) as future,
    cast(null as varchar) as relation,
    cast(null as bigint) as rows_compared,
    cast(null as bigint) as rows_changed,
    cast(null as varchar[]) as changed_columns,
    cast(null as varchar) as example_key
where false
