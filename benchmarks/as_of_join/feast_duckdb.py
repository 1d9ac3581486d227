"""Feast: ``get_historical_features`` from the same files, with the DuckDB store.

https://docs.feast.dev/reference/offline-stores/duckdb; the default store, dask, needs
far more memory. Feast also takes a feature known at the very instant that is asked for;
so it is asked for one microsecond earlier, which is the resolution of the clocks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow.parquet as pq
from feast import Entity, FeatureStore, FeatureView, Field, FileSource, RepoConfig
from feast.types import Float64
from feast.value_type import ValueType

from benchmarks.as_of_join import FEATURES, Feature

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


ENTITIES = {
    key: Entity(name=key, join_keys=[key], value_type=ValueType.STRING)
    for feature in FEATURES
    for key in feature.entity
}


def feature_view(feature: Feature, inputs: Path) -> FeatureView:
    """Return the declaration of a feature table; no time to live, as in the macro."""
    file = inputs / f"{feature.table}.parquet"
    return FeatureView(
        name=feature.table,
        entities=[ENTITIES[key] for key in feature.entity],
        schema=[Field(name=column, dtype=Float64) for column in feature.columns],
        source=FileSource(path=str(file.resolve()), timestamp_field="known_at"),
    )


def run(inputs: Path) -> Callable[[Path], None]:
    """Declare the five tables, which takes a tenth of a second, and join them."""
    store = FeatureStore(
        config=RepoConfig(
            project="benchmark",
            provider="local",
            registry=str(inputs / "feast_registry.db"),
            offline_store={"type": "duckdb"},
            online_store=None,
            entity_key_serialization_version=3,
        )
    )
    views = [feature_view(feature, inputs) for feature in FEATURES]
    store.apply([*ENTITIES.values(), *views])
    examples = pd.read_parquet(inputs / "examples.parquet")
    before = examples.pop("prediction_at") - pd.Timedelta(microseconds=1)
    columns = [
        (feature.table, column) for feature in FEATURES for column in feature.columns
    ]
    result = store.get_historical_features(
        entity_df=examples.assign(event_timestamp=before.dt.tz_localize("UTC")),
        features=[f"{table}:{column}" for table, column in columns],
    ).to_arrow()
    names = ["example_number", *(column for _, column in columns)]
    return lambda file: pq.write_table(result.select(names), file)
