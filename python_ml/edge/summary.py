"""The lines that end ``make run``: what was built, how good it is, where to look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from python_ml.edge.lake import require_built

if TYPE_CHECKING:
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
    case period when 'month' then '' else 'until ' end || until_month_local as period,
    auc.n,
    auc.value, auc.ci_low, auc.ci_high, auc.baseline_value,
    brier.value, brier.ci_low, brier.ci_high, brier.baseline_value
from ml.track_record as auc
inner join ml.track_record as brier using (problem, period, until_month_local)
where
    problem = 'arrival_delay'
    and auc.metric = 'roc_auc' and brier.metric = 'brier' and auc.n >= 1000
    and (
        period = 'month'
        or until_month_local = (select max(until_month_local) from ml.track_record)
    )
order by auc.period, until_month_local
"""

_QUERY = (
    "select entity_id, prediction_at, round(prediction, 3) as risk, label "
    "from ml.predictions order by prediction desc limit 5"
)

_WHERE_TO_LOOK = f"""
Look:
  a query      .venv/bin/goldleaf sql "{_QUERY}"
  predictions  ml.predictions; its track record in ml.track_record, ml.metrics
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
    figures = lake.execute(_TRACK_RECORD).fetchall()
    if not figures:
        lines.append("No prediction can be measured yet: no version, or no label.")
    else:
        lines += [
            "",
            "Late arrivals (15 minutes or more), predicted two hours before departure,",
            "out of time (95 % interval over days; naive: late share of the route):",
            "  period         flights  ROC AUC                      Brier",
        ]
    for period, n, *auc_and_brier in figures:
        auc, brier = auc_and_brier[:4], auc_and_brier[4:]
        lines.append(f"  {period:13} {n:8,}  {_figure(auc)}  {_figure(brier)}")
    return "\n".join(lines) + "\n" + _WHERE_TO_LOOK.rstrip()


def _one_row(lake: DuckDBPyConnection, query: str) -> dict[str, Any]:
    result = lake.execute(query)
    names = [column[0] for column in result.description or []]
    return dict(zip(names, result.fetchone() or (), strict=True))


def _figure(figure: list[float]) -> str:
    value, low, high, naive = figure
    return f"{value:.4f} ({low:.3f}-{high:.3f}; {naive:.3f})"
