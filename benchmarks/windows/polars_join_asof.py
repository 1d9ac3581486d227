"""polars: the idea of the reference, cumulative sums looked up with ``join_asof``.

https://docs.pola.rs/api/python/stable/reference/dataframe/api/polars.DataFrame.join_asof.html
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
    """Return a feature's windows, one row per example and in their order."""
    events = pl.read_parquet(
        inputs / f"{feature.events}.parquet",
        columns=[*feature.entity, "known_at", feature.delay],
    ).sort("known_at")
    sums = events.select(
        *feature.entity,
        "known_at",
        events=pl.int_range(1, pl.len() + 1).over(feature.entity),
        delay=pl.col(feature.delay).cast(pl.Int64).cum_sum().over(feature.entity),
    )

    def known_before(instant: pl.Expr) -> pl.DataFrame:
        looked_up = examples.select(*feature.entity, instant=instant).join_asof(
            sums,
            left_on="instant",
            right_on="known_at",
            by=feature.entity,
            allow_exact_matches=False,
            check_sortedness=False,  # both are sorted; polars cannot see it with `by`
        )
        return looked_up.select(pl.col("events", "delay").fill_null(0))

    prediction_at = pl.col("prediction_at")
    latest = known_before(prediction_at)
    columns = []
    for window in WINDOWS:
        before = known_before(prediction_at.dt.offset_by(f"-{window}"))
        inside = latest - before
        events_inside = pl.col("events")
        columns.append(
            inside.select(
                events_inside.alias(count_name(feature, window)),
                pl.when(events_inside > 0)
                .then(pl.col("delay") / events_inside)
                .alias(mean_name(feature, window)),
            )
        )
    return pl.concat(columns, how="horizontal")


def run(inputs: Path) -> Callable[[Path], None]:
    """Run the nine windows."""
    examples = pl.read_parquet(
        inputs / "examples.parquet", columns=EXAMPLE_COLUMNS
    ).sort("prediction_at")
    found = [in_windows(feature, examples, inputs) for feature in FEATURES]
    numbers = examples.select("example_number")
    return pl.concat([numbers, *found], how="horizontal").write_parquet
