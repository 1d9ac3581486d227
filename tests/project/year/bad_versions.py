"""Versions of `arrival_delay` that are bad, each through a mistake that people make."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROWS = 60_000


class Examples(NamedTuple):
    """What a version is trained on: labelled examples in the order of time."""

    fit: pa.Table
    calibration: pa.Table

    def thinned(self) -> Examples:
        """At most so many of each, evenly over time: on as few a mistake shows."""
        return Examples(*(stretch.take(range_of(stretch)) for stretch in self))


def range_of(table: pa.Table) -> pa.Array:
    return pa.array(range(0, table.num_rows, -(-table.num_rows // ROWS)))


@dataclass(frozen=True)
class BadVersion:
    """A mistake in training, or else in serving; and the check that is meant for it."""

    check: str
    trained: Callable[[Examples], Examples] | None = None
    served: Callable[[pa.Table], pa.Table] = lambda table: table
    parameters: Mapping[str, float | int] = field(default_factory=dict)


def with_column(table: pa.Table, name: str, values: Any) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, values)


def with_labels(
    change: Callable[[pa.Table], Any],
) -> Callable[[Examples], Examples]:
    """Train on other labels."""
    return lambda examples: Examples(
        *(with_column(s, "label", pa.array(change(s))) for s in examples)
    )


def labels_of(table: pa.Table) -> Any:
    return table["label"].to_numpy()


def of_other_flights(table: pa.Table) -> Any:
    """A join by the wrong key."""
    return np.random.default_rng(2013).permutation(labels_of(table))


def on_time(table: pa.Table) -> Any:
    """1 taken to say on time."""
    return 1 - labels_of(table)


def late_at_newark(table: pa.Table) -> Any:
    """One airport counts half of its flights as late that are not."""
    is_there = pc.equal(table["origin"], "EWR").to_numpy()
    is_counted = np.random.default_rng(2013).random(table.num_rows) < 0.5
    return np.where(is_there & is_counted, 1, labels_of(table))


def nothing_known(examples: Examples) -> Examples:
    """Every feature lost, as by a join that finds nothing."""
    return Examples(*(without_features(stretch) for stretch in examples))


def without_features(table: pa.Table) -> pa.Table:
    for name in table.column_names:
        if name not in ("flight_id", "prediction_at", "label"):
            nulls = pa.nulls(table.num_rows, table.schema.field(name).type)
            table = with_column(table, name, nulls)
    return table


def balanced(examples: Examples) -> Examples:
    """As many flights on time as late ones, and no correction for it."""
    return Examples(*(with_equal_classes(stretch) for stretch in examples))


def with_equal_classes(table: pa.Table) -> pa.Table:
    late, on_time = (np.flatnonzero(labels_of(table) == label) for label in (1, 0))
    drawn = np.random.default_rng(2013).choice(on_time, len(late), replace=False)
    return table.take(pa.array(np.sort(np.concatenate([late, drawn]))))


def last_month(examples: Examples) -> Examples:
    """Fitted on the last 30 days alone, to follow the season."""
    at = examples.fit["prediction_at"]
    begin = pa.scalar(pc.max(at).as_py() - timedelta(days=30))
    recent = examples.fit.filter(pc.greater_equal(at, begin))
    return examples._replace(fit=recent)


def never_stopped(examples: Examples) -> Examples:
    """Early stopping that looks at the examples of the fit, and so comes too late."""
    return examples._replace(calibration=examples.fit)


def in_other_units(factor: float, origins: tuple[str, ...]) -> Any:
    """Serve all that is in minutes in another unit, at some airports."""

    def served(table: pa.Table) -> pa.Table:
        is_there = pc.is_in(table["origin"], pa.array(origins))
        columns = [name for name in table.column_names if "_minutes" in name]
        assert len(columns) > 10
        for name in columns:
            right = pc.cast(table[name], pa.float64())
            wrong = pc.multiply(right, factor)
            table = with_column(table, name, pc.if_else(is_there, wrong, right))
        return table

    return served


EVERYWHERE = ("EWR", "JFK", "LGA")
BAD: Mapping[str, BadVersion] = {
    "inverted": BadVersion("beats_baseline", with_labels(on_time)),
    "balanced classes": BadVersion("calibrated", balanced),
    "overfitted": BadVersion(
        "calibrated",
        never_stopped,
        parameters={
            "num_leaves": 255,
            "min_data_in_leaf": 2,
            "learning_rate": 0.3,
            "feature_fraction": 1,
            "lambda_l2": 0,
        },
    ),
    "unfair to an airport": BadVersion(
        "fairness_gap_below", with_labels(late_at_newark)
    ),
    "hours for minutes at an airport": BadVersion(
        "no_segment_worse_than", served=in_other_units(1 / 60, ("JFK",))
    ),
    "labels shuffled": BadVersion(
        "not_worse_than_champion", with_labels(of_other_flights)
    ),
    "constant": BadVersion("not_worse_than_champion", nothing_known),
    "one month": BadVersion("not_worse_than_champion", last_month),
    "seconds for minutes": BadVersion(
        "not_worse_than_champion", served=in_other_units(60, EVERYWHERE)
    ),
    "seconds for minutes at an airport": BadVersion(
        "not_worse_than_champion", served=in_other_units(60, ("JFK",))
    ),
    "hours for minutes": BadVersion(
        "not_worse_than_champion", served=in_other_units(1 / 60, EVERYWHERE)
    ),
}
