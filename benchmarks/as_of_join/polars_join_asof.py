"""polars: ``join_asof`` on frames sorted by time, exact matches not allowed.

https://docs.pola.rs/api/python/stable/reference/dataframe/api/polars.DataFrame.join_asof.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from benchmarks.as_of_join import FEATURES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def run(inputs: Path) -> Callable[[Path], None]:
    """Run the five lookups, each on the result of the one before."""
    result = pl.read_parquet(inputs / "examples.parquet").sort("prediction_at")
    for feature in FEATURES:
        known = pl.read_parquet(
            inputs / f"{feature.table}.parquet",
            columns=[*feature.entity, "known_at", *feature.columns],
        ).sort("known_at")
        result = result.join_asof(
            known,
            left_on="prediction_at",
            right_on="known_at",
            by=feature.entity,
            allow_exact_matches=False,
            check_sortedness=False,  # both are sorted; polars cannot see it with `by`
        ).drop("known_at")
    names = [name for feature in FEATURES for name in feature.columns]
    return result.select("example_number", *names).write_parquet
