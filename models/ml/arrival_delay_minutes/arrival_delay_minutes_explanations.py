from python_ml.edge.explain import explain


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="append")
    return explain(
        dbt,
        session,
        declaration=dbt.config.meta_get("problem"),
        dataset=dbt.ref("arrival_delay_minutes_dataset"),
        models=dbt.ref("arrival_delay_minutes_models"),
        predictions=dbt.ref("arrival_delay_minutes_predictions"),
        registry=dbt.ref("registry"),
        clock=dbt.ref("clock"),
    )
