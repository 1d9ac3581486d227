"""The lines that end ``make run``: what was built, how good it is, where to look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from python_ml.edge.lake import require_built

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

_BUILT = """
select
    (select count(*) from gold.fct_flights) as flights,
    (select count(*) from gold.fct_flights where is_cancelled) as cancelled,
    (select count(*) from bronze.rejected_rows) as rejected,
    (select count(*) from ml.models) as versions,
    (select count(*) from ml.predictions) as predictions,
    (select clock_at from gold.clock) as clock
"""

# Left out: the few flights that left in the evening before the first cut-off.
_TRACK_RECORD = """
select
    problem,
    case period when 'month' then '' else 'until ' end || until_month_local as period,
    metric, value, ci_low, ci_high, baseline_value, n
from ml.track_record
where
    n >= 1000
    and metric in (select unnest($metrics))
    and (
        period = 'month'
        or until_month_local = (select max(until_month_local) from ml.track_record)
    )
order by problem, track_record.period, until_month_local
"""

_METRICS = {
    "roc_auc": "ROC AUC",
    "average_precision": "average precision",
    "brier": "Brier",
    "mae": "mean absolute error",
    "pinball": "pinball loss",
    "coverage": "coverage",
}
"""The metrics shown, in order: those that the task of a problem has."""

_QUERY = (
    "select entity_id, prediction_at, round(prediction, 3) as risk, label from "
    "ml.predictions where problem = 'arrival_delay' order by prediction desc limit 5"
)

_WHERE_TO_LOOK = f"""
Look:
  a query      .venv/bin/goldleaf sql "{_QUERY}"
  predictions  ml.predictions; its track record in ml.track_record, ml.metrics
  the page     target/goldleaf.html (the track record, drift, a board of flights)
  the docs     target/static_index.html (tables, columns, tests, lineage)
"""


def summarize(lake: DuckDBPyConnection) -> str:
    """Return what the lake holds and the figures of the published predictions."""
    require_built(lake)
    built = _one_row(lake, _BUILT)
    lines = [
        "",
        f"Built: {built['flights']:,} flights ({built['cancelled']:,} cancelled, "
        f"{built['rejected']:,} lines rejected), {built['versions']} model versions, "
        f"{built['predictions']:,} published predictions; clock {built['clock']} UTC.",
    ]
    figures = lake.execute(_TRACK_RECORD, {"metrics": list(_METRICS)}).fetchall()
    if not figures:
        lines.append("No prediction can be measured yet: no version, or no label.")
    problems = lake.execute("select problem, label from ml.problems order by all")
    for problem, label in problems.fetchall():
        of_problem = [row[1:] for row in figures if row[0] == problem]
        if of_problem:
            lines += ["", f"{problem}: {label}", *_table(of_problem)]
    if figures:
        lines += [
            "",
            "Published predictions, out of time; in brackets the 95 % interval over",
            "days and the naive forecast.",
        ]
    return "\n".join(lines) + "\n" + _WHERE_TO_LOOK.rstrip()


def _table(figures: list[tuple[Any, ...]]) -> Iterator[str]:
    """Yield a line of headings, then one a period, with a column a metric."""
    by_period: dict[str, dict[str, tuple[Any, ...]]] = {}
    for period, metric, *figure in figures:
        by_period.setdefault(period, {})[metric] = tuple(figure)
    shown = [
        name for name in _METRICS if any(name in row for row in by_period.values())
    ]
    headings = "".join(f"  {_METRICS[name]:31}" for name in shown)
    yield f"  {'period':13} {'examples':>8}{headings}".rstrip()
    for period, row in by_period.items():
        n = max(figure[-1] for figure in row.values())
        cells = "".join(f"  {_figure(row.get(name)):31}" for name in shown)
        yield f"  {period:13} {n:8,}{cells}".rstrip()


def _one_row(lake: DuckDBPyConnection, query: str) -> dict[str, Any]:
    result = lake.execute(query)
    names = [column[0] for column in result.description or []]
    return dict(zip(names, result.fetchone() or (), strict=True))


def _figure(figure: tuple[Any, ...] | None) -> str:
    if figure is None:
        return ""
    value, low, high, naive, _ = figure
    interval = "" if low is None else f"{low:.3f}-{high:.3f}; "
    return f"{value:.4f} ({interval}{naive:.3f})"
