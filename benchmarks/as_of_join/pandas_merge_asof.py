"""pandas: ``merge_asof`` on frames sorted by time, exact matches not allowed.

https://pandas.pydata.org/docs/reference/api/pandas.merge_asof.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from benchmarks.as_of_join import FEATURES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def run(inputs: Path) -> Callable[[Path], None]:
    """Run the five lookups, each on the result of the one before."""
    result = pd.read_parquet(inputs / "examples.parquet").sort_values("prediction_at")
    for feature in FEATURES:
        known = pd.read_parquet(
            inputs / f"{feature.table}.parquet",
            columns=[*feature.entity, "known_at", *feature.columns],
        ).sort_values("known_at")
        result = pd.merge_asof(
            result,
            known,
            left_on="prediction_at",
            right_on="known_at",
            by=feature.entity,
            allow_exact_matches=False,
        ).drop(columns="known_at")
    names = [name for feature in FEATURES for name in feature.columns]
    return lambda file: result[["example_number", *names]].to_parquet(file)
