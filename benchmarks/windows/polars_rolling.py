"""polars: a rolling sum of each group, over the events and the examples together.

https://docs.pola.rs/api/python/stable/reference/expressions/api/polars.Expr.rolling_sum_by.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from benchmarks.windows import (
    EXAMPLE_COLUMNS,
    FEATURES,
    WINDOWS,
    Feature,
    count_name,
    mean_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def in_windows(feature: Feature, examples: pl.DataFrame, inputs: Path) -> pl.DataFrame:
    """Return a feature's windows by example; an example is a row without an event."""
    events = pl.read_parquet(
        inputs / f"{feature.events}.parquet",
        columns=[*feature.entity, "known_at", feature.delay],
    ).select(
        *feature.entity,
        instant="known_at",
        events=pl.lit(1, pl.Int64),
        delay=pl.col(feature.delay).cast(pl.Int64),
    )
    together = pl.concat(
        [
            events,
            examples.select(
                "example_number",
                *feature.entity,
                instant="prediction_at",
                events=pl.lit(0, pl.Int64),
                delay=pl.lit(0, pl.Int64),
            ),
        ],
        how="diagonal",
    ).sort("instant")

    def total(column: str, window: str) -> pl.Expr:
        rolling = pl.col(column).rolling_sum_by("instant", window, closed="left")
        return rolling.over(feature.entity).alias(f"{column}_{window}")

    sums = together.select(
        "example_number",
        *(
            total(column, window)
            for column in ("events", "delay")
            for window in WINDOWS
        ),
    ).filter(pl.col("example_number").is_not_null())
    return sums.select(
        "example_number",
        *(
            pl.col(f"events_{window}").fill_null(0).alias(count_name(feature, window))
            for window in WINDOWS
        ),
        *(
            pl.when(pl.col(f"events_{window}") > 0)
            .then(pl.col(f"delay_{window}") / pl.col(f"events_{window}"))
            .alias(mean_name(feature, window))
            for window in WINDOWS
        ),
    )


def run(inputs: Path) -> Callable[[Path], None]:
    """Run the nine windows."""
    examples = pl.read_parquet(inputs / "examples.parquet", columns=EXAMPLE_COLUMNS)
    result = examples.select("example_number")
    for feature in FEATURES:
        found = in_windows(feature, examples, inputs)
        result = result.join(found, on="example_number")
    return result.write_parquet
