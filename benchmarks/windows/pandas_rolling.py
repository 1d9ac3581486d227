"""pandas: a rolling window of each group, over the events and the examples together.

https://pandas.pydata.org/docs/user_guide/window.html: ``on`` and ``closed="left"``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

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


def in_windows(feature: Feature, examples: pd.DataFrame, inputs: Path) -> pd.DataFrame:
    """Return a feature's windows by example; an example is a row without a delay."""
    entity = feature.entity
    events = pd.read_parquet(
        inputs / f"{feature.events}.parquet",
        columns=[*entity, "known_at", feature.delay],
    )
    together = pd.concat(
        [
            events.set_axis([*entity, "instant", "delay"], axis="columns"),
            examples[["example_number", *entity, "prediction_at"]].rename(
                columns={"prediction_at": "instant"}
            ),
        ]
    ).sort_values([*entity, "instant"], ignore_index=True)
    is_example = together["example_number"].notna()
    columns = {}
    for window in WINDOWS:
        # Rows come back by group, then in their order: the order of `together`.
        length = window.replace("d", "D")  # as pandas writes days
        rolling = together.groupby(entity).rolling(length, on="instant", closed="left")
        found = rolling["delay"].agg(["count", "mean"])
        count = found["count"].fillna(0)  # of a window without any row it is missing
        columns[count_name(feature, window)] = count.to_numpy()[is_example]
        columns[mean_name(feature, window)] = found["mean"].to_numpy()[is_example]
    numbers = together["example_number"][is_example].astype("int64")
    return pd.DataFrame(columns, index=numbers.to_numpy())


def run(inputs: Path) -> Callable[[Path], None]:
    """Run the nine windows."""
    examples = pd.read_parquet(inputs / "examples.parquet", columns=EXAMPLE_COLUMNS)
    found = [in_windows(feature, examples, inputs) for feature in FEATURES]
    result = pd.concat(found, axis="columns").rename_axis("example_number")
    return lambda file: result.reset_index().to_parquet(file)
