-- What the lake holds, layer by layer.
with

stored as (

    select
        tables.table_id,
        schemas.schema_name as layer,
        coalesce(stats.record_count, 0) as rows,
        coalesce(stats.file_size_bytes, 0) as bytes
    from __ducklake_metadata_lake.ducklake_table as tables
    inner join __ducklake_metadata_lake.ducklake_schema as schemas
        on tables.schema_id = schemas.schema_id and schemas.end_snapshot is null
    left join __ducklake_metadata_lake.ducklake_table_stats as stats
        on tables.table_id = stats.table_id
    where tables.end_snapshot is null

),

last_changes as (

    select
        stored.table_id,
        max(snapshots.snapshot_time) as changed_at
    from stored
    inner join __ducklake_metadata_lake.ducklake_data_file as files
        on stored.table_id = files.table_id
    inner join __ducklake_metadata_lake.ducklake_snapshot as snapshots
        on files.begin_snapshot = snapshots.snapshot_id
    group by stored.table_id

)

select
    stored.layer,
    count(*) as tables,
    cast(sum(stored.rows) as bigint) as rows,
    round(sum(stored.bytes) / 1e6, 1) as megabytes,
    strftime(max(last_changes.changed_at), '%Y-%m-%d %H:%M') as last_written
from stored
left join last_changes on stored.table_id = last_changes.table_id
group by stored.layer
order by
    list_position(
        ['seeds', 'bronze', 'silver', 'gold', 'features', 'ml', 'monitoring', 'marts'],
        stored.layer
    ) nulls last,
    stored.layer
