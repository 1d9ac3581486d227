{{ config(materialized='view') }}

with

arrival_delay_models as (

    select * from {{ ref('arrival_delay_models') }}

),

models as (

    select
        model_id,
        problem,
        cutoff_at,
        calibration_from_at,
        gate_from_at,
        trained_rows,
        calibration_rows,
        iterations,
        feature_names,
        declaration,
        seed,
        artifact,
        artifact_sha256,
        lake_snapshot,
        code_sha256,
        library_versions,
        fit_seconds
    from arrival_delay_models

)

select * from models
