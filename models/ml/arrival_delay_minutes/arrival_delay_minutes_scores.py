from python_ml.edge.score import score


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="append")
    return score(
        dbt,
        session,
        declaration=dbt.config.meta_get("problem"),
        dataset=dbt.ref("arrival_delay_minutes_dataset"),
        models=dbt.ref("arrival_delay_minutes_models"),
    )
