"""What the page shows, in its order: sections of figures, each from one query."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Any

from python_ml.page import charts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from duckdb import DuckDBPyConnection

    from python_ml.page.charts import Chart, Rows

METRICS = {
    "roc_auc": "ROC AUC (higher is better)",
    "average_precision": "average precision (higher is better)",
    "brier": "Brier score (lower is better)",
    "mae": "mean absolute error, minutes (lower is better)",
    "pinball": "pinball loss, minutes (lower is better)",
    "coverage": "share inside the interval",
}
"""The metrics that the page shows, in order."""

FAIR_METRICS = {
    "selection_rate": "predicted late or cancelled",
    "true_positive_rate": "found, of those that were",
    "false_positive_rate": "false alarms, of those that were not",
    "loss": "loss",
}


@dataclass(frozen=True)
class Figure:
    """A chart with its words.

    Attributes:
        title: above it.
        chart: Vega-Lite.
        problem: that it is about; none if it is about the lake.

    """

    title: str
    chart: Chart
    problem: str | None = None


@dataclass(frozen=True)
class Section:
    """Figures that answer one question.

    Attributes:
        name: of its query and its anchor.
        title: the question's subject.
        lede: what is to be seen, and how to read it.
        tables: the tables of the lake that it is made from.
        figures: makes the figures from the rows of the query.

    """

    name: str
    title: str
    lede: str
    tables: tuple[str, ...]
    figures: Callable[[Rows], Iterator[Figure]] = field(repr=False)


def query(lake: DuckDBPyConnection, name: str) -> list[dict[str, Any]]:
    """Return the rows of a query of the page."""
    sql = files("python_ml.page").joinpath("queries", f"{name}.sql").read_text()
    rows: list[dict[str, Any]] = lake.execute(sql).to_arrow_table().to_pylist()
    return rows


def _by(rows: Rows, *keys: str) -> Iterator[tuple[list[Any], Rows]]:
    """Yield rows that follow each other and agree in some columns."""
    for values, group in groupby(rows, lambda row: [row[key] for key in keys]):
        yield values, list(group)


def _performance(rows: Rows) -> Iterator[Figure]:
    for (problem, metric), group in _by(rows, "problem", "metric"):
        if metric in METRICS:
            chart = charts.performance(group, metric.replace("_", " "))
            yield Figure(METRICS[metric], chart, problem)


def _calibration(rows: Rows) -> Iterator[Figure]:
    for (problem,), group in _by(rows, "problem"):
        if group[0]["event"] == "positive":
            yield Figure("Said and happened", charts.calibration(group), problem)
        else:
            title = "Inside, above and below the interval, by what was predicted"
            yield Figure(title, charts.coverage(group), problem)


def _importance(rows: Rows) -> Iterator[Figure]:
    for (problem,), group in _by(rows, "problem"):
        yield Figure("Share of the gain", charts.importance(group), problem)


def _drift(rows: Rows) -> Iterator[Figure]:
    for (problem,), group in _by(rows, "problem"):
        alerts = sum(row["is_alert"] for row in group)
        title = f"Distance from what the version knew: {alerts or 'no'} alerts"
        yield Figure(title, charts.drift(group), problem)


def _slices(rows: Rows) -> Iterator[Figure]:
    for (problem,), group in _by(rows, "problem"):
        yield Figure("Loss of the worst slices", charts.slices(group), problem)


def _fairness(rows: Rows) -> Iterator[Figure]:
    for (problem, metric, column), group in _by(
        rows, "problem", "metric", "group_column"
    ):
        if metric in FAIR_METRICS:
            title = f"By {column}: {FAIR_METRICS[metric]}"
            yield Figure(
                title, charts.fairness(group, metric.replace("_", " ")), problem
            )


def _versions(rows: Rows) -> Iterator[Figure]:
    for (problem,), group in _by(rows, "problem"):
        stopped = sum(not row["is_promoted"] for row in group)
        title = f"{len(group)} versions, {stopped or 'none'} stopped"
        yield Figure(title, charts.versions(group), problem)


def _costs(rows: Rows) -> Iterator[Figure]:
    if rows:
        title = f"The most expensive of {rows[0]['all_seconds']:,.0f} seconds"
        yield Figure(title, charts.costs(rows))


SECTIONS = (
    Section(
        "performance",
        "Is it still right?",
        "Each week of what was published, beside the naive forecast (grey, dashed). "
        "The band is the 95 % interval over days. A diamond is an estimate for a week "
        "whose labels are still pending.",
        ("monitoring.performance", "ml.track_record"),
        _performance,
    ),
    Section(
        "calibration",
        "Does what it says happen?",
        "On the dashed line, what was said is what happened.",
        ("monitoring.calibration",),
        _calibration,
    ),
    Section(
        "drift",
        "What changed?",
        "A row a feature, the most important first, a column a week: the darker, the "
        "further from what the version in force was fitted on. A red frame is an "
        "alert: significant, large, and about a feature that matters.",
        ("monitoring.drift", "monitoring.retrain_decisions"),
        _drift,
    ),
    Section(
        "importance",
        "What does it look at?",
        "What each feature is worth to the version in force.",
        ("ml.importances", "features.registry"),
        _importance,
    ),
    Section(
        "slices",
        "Where is it worse?",
        "Slices whose loss is higher than elsewhere by more than chance. The dark mark "
        "is the loss elsewhere, the grey one that of the naive forecast in the slice: "
        "where it is as high, the slice is hard.",
        ("monitoring.error_slices",),
        _slices,
    ),
    Section(
        "fairness",
        "Is it fair?",
        "The groups that the problem declares, with 95 % intervals over days.",
        ("monitoring.fairness", "monitoring.representation"),
        _fairness,
    ),
    Section(
        "versions",
        "Who was in force?",
        "A bar is a version in force, a cross one that a check stopped.",
        ("ml.champions", "ml.promotions", "ml.gates"),
        _versions,
    ),
    Section(
        "costs",
        "What did it cost?",
        "Seconds of each table when it was last built.",
        ("ml.costs",),
        _costs,
    ),
)
