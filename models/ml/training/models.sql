{{ config(materialized='view') }}

with

models as (

    {{ of_all_problems('models', [
        'model_id',
        'cutoff_at',
        'attempt',
        'available_at',
        'trained_because',
        'calibration_from_at',
        'gate_from_at',
        'trained_rows',
        'calibration_rows',
        'iterations',
        'is_calibrated',
        'feature_names',
        'declaration',
        'seed',
        'training_curves',
        'importances',
        'contribution_error',
        'artifact',
        'artifact_sha256',
        'lake_snapshot',
        'code_sha256',
        'library_versions',
        'fit_seconds',
    ]) }}

)

select * from models
