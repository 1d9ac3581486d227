from python_ml.edge.train import train


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="append")
    return train(
        dbt,
        session,
        declaration=dbt.config.meta_get("problem"),
        dataset=dbt.ref("cancellation_dataset"),
        labels=dbt.ref("cancellation_labels"),
        clock=dbt.ref("clock"),
    )
