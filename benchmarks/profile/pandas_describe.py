"""pandas: the same figures of a column at a time, by its own methods and numpy's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchmarks.profile import TABLE
from benchmarks.profile.rows import columns

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def figures(column: pd.Series[Any], data_type: str) -> dict[str, Any]:
    """Return the figures of any column."""
    known = column.dropna()
    counts = known.value_counts().head(5)
    found = {
        "rows": len(column),
        "missing": len(column) - len(known),
        "distinct_values": known.nunique(),
        **{f"top_{n}": count for n, count in enumerate(counts, start=1)},
    }
    if data_type == "BOOLEAN":
        return {**found, "mean": known.astype(float).mean()}
    if data_type == "VARCHAR":
        return found
    if data_type in ("DATE", "TIMESTAMP"):
        known = (pd.to_datetime(known) - pd.Timestamp(0)) / pd.Timedelta(seconds=1)
    return {**found, **figures_of_numbers(known.astype(float))}


def figures_of_numbers(known: pd.Series[float]) -> dict[str, Any]:
    """Return the figures of numbers; none is infinite here."""
    shares = [0.05, 0.25, 0.5, 0.75, 0.95]
    p05, p25, median, p75, p95 = known.quantile(shares)
    fence = 1.5 * (p75 - p25)
    bins, _ = np.histogram(known, bins=10)
    if known.min() == known.max():
        bins = np.array([0] * 9 + [len(known)])
    return {
        "infinite": 0,
        "minimum": known.min(),
        "p05": p05,
        "p25": p25,
        "median": median,
        "p75": p75,
        "p95": p95,
        "maximum": known.max(),
        "mean": known.mean(),
        "standard_deviation": known.std(),
        "outlier_share": ((known < p25 - fence) | (known > p75 + fence)).mean(),
        **{f"bin_{n}": count for n, count in enumerate(bins, start=1)},
    }


def run(inputs: Path) -> Callable[[Path], None]:
    """Read and describe each column."""
    file = inputs / f"{TABLE}.parquet"
    result = pd.DataFrame(
        {
            "example_number": position,
            **figures(
                pd.read_parquet(file, columns=[name])[name],
                data_type,
            ),
        }
        for position, (name, data_type) in enumerate(columns().items(), start=1)
    )
    return lambda file: result.to_parquet(file)
