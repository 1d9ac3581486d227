"""The charts of the page, each from the rows of one query (Vega-Altair).

A chart takes the width that the page gives it. Gold is ours, grey the naive forecast,
red what asks for attention.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

Rows = Sequence[Mapping[str, Any]]
Chart = alt.Chart | alt.LayerChart | alt.FacetChart

OURS, NAIVE, ALARM, INK = "#a97142", "#8a8f98", "#b3261e", "#2b2d31"
_HEIGHT = 200


def performance(rows: Rows, metric: str) -> Chart:
    """Draw a metric week by week, its interval, and the naive forecast's.

    Args:
        rows: of performance.sql, of one problem and metric.
        metric: its title.

    """
    weeks = alt.Chart(_data(rows)).encode(x=_week())
    value = alt.Y("value:Q", title=metric, scale=alt.Scale(zero=False))
    realised = weeks.transform_filter("datum.kind == 'realised'")
    tooltip = ["week:N", "value:Q", "baseline_value:Q", "labels_known:Q", "model_id:N"]
    layers = [
        realised.mark_area(color=OURS, opacity=0.2).encode(
            y="ci_low:Q", y2="ci_high:Q"
        ),
        realised.mark_line(color=NAIVE, strokeDash=[4, 3]).encode(y="baseline_value:Q"),
        realised.mark_line(color=OURS, point={"size": 40, "color": OURS}).encode(
            y=value, tooltip=tooltip
        ),
        weeks.transform_filter("datum.kind == 'estimated'")
        .mark_point(shape="diamond", size=60, color=INK)
        .encode(y=value, tooltip=["week:N", "value:Q", "labels_pending:Q"]),
    ]
    return _sized(alt.layer(*layers))


def calibration(rows: Rows) -> Chart:
    """Draw how often an event happened over how often it was said to.

    Args:
        rows: of calibration.sql, of one problem.

    """
    points = alt.Chart(_data(rows)).encode(
        x=alt.X("expected_share:Q", title="said", axis=alt.Axis(format="%")),
    )
    share = alt.Y("share:Q", title="happened", axis=alt.Axis(format="%"))
    most = max((row["expected_share"] for row in rows), default=1)
    diagonal = alt.Chart(_data([{"x": 0, "y": 0}, {"x": most, "y": most}]))
    return _sized(
        alt.layer(
            diagonal.mark_line(color=NAIVE, strokeDash=[4, 3]).encode(x="x:Q", y="y:Q"),
            points.mark_rule(color=OURS).encode(y="ci_low:Q", y2="ci_high:Q"),
            points.mark_point(filled=True, size=60, color=OURS, opacity=1).encode(
                y=share, tooltip=["event:N", "expected_share:Q", "share:Q", "n:Q"]
            ),
        )
    )


def coverage(rows: Rows) -> Chart:
    """Draw how often the truth lay in, below and above the interval, by prediction.

    Args:
        rows: of calibration.sql, of one problem with intervals.

    """
    points = alt.Chart(_data(rows)).encode(
        x=alt.X("mean_prediction:Q", title="predicted"),
        color=alt.Color(
            "event:N",
            title=None,
            scale=alt.Scale(
                domain=["covered", "above", "below"], range=[OURS, ALARM, NAIVE]
            ),
        ),
    )
    share = alt.Y("share:Q", title="happened", axis=alt.Axis(format="%"))
    return _sized(
        alt.layer(
            points.mark_line(strokeDash=[4, 3]).encode(y="expected_share:Q"),
            points.mark_point(filled=True, size=60, opacity=1).encode(
                y=share, tooltip=["event:N", "mean_prediction:Q", "share:Q", "n:Q"]
            ),
        )
    )


def importance(rows: Rows) -> Chart:
    """Draw the features that are worth most to the version in force.

    Args:
        rows: of importance.sql, of one problem.

    """
    return _sized(
        alt.Chart(_data(rows))
        .mark_bar(color=OURS)
        .encode(
            x=alt.X("gain_share:Q", title="share of gain", axis=alt.Axis(format="%")),
            y=_name("feature"),
            tooltip=["feature:N", "gain_share:Q", "permutation_loss_increase:Q"],
        ),
        rows=len(rows),
    )


def drift(rows: Rows) -> Chart:
    """Draw a cell a feature and week, darker the further from what the version knew.

    Args:
        rows: of drift.sql, of one problem.

    """
    cells = alt.Chart(_data(rows)).encode(
        x=alt.X("week:O", title=None, axis=_few_weeks()),
        y=_name("feature"),
        tooltip=["feature:N", "week:N", "psi:Q", "corrected_p_value:Q", "is_alert:N"],
    )
    psi = alt.Color(
        "psi:Q",
        title="PSI",
        scale=alt.Scale(scheme="goldorange", domain=[0, 1], clamp=True),
    )
    alerts = cells.transform_filter("datum.is_alert")
    return _sized(
        alt.layer(
            cells.mark_rect().encode(color=psi),
            alerts.mark_rect(filled=False, stroke=ALARM, strokeWidth=2),
        ),
        rows=len({row["feature"] for row in rows}),
    )


def slices(rows: Rows) -> Chart:
    """Draw the loss of each slice beside that elsewhere and that of the naive forecast.

    Args:
        rows: of slices.sql, of one problem.

    """
    bars = alt.Chart(_data(rows)).encode(y=_name("slice"))
    tooltip = ["slice:N", "n:Q", "loss:Q", "loss_elsewhere:Q", "baseline_loss:Q"]
    return _sized(
        alt.layer(
            bars.mark_bar(color=OURS).encode(
                x=alt.X("loss:Q", title="loss"), tooltip=tooltip
            ),
            bars.mark_tick(color=INK, thickness=3).encode(x="loss_elsewhere:Q"),
            bars.mark_tick(color=NAIVE, thickness=3).encode(x="baseline_loss:Q"),
        ),
        rows=len(rows),
    )


def fairness(rows: Rows, metric: str) -> Chart:
    """Draw a metric in each group, with its interval.

    Args:
        rows: of fairness.sql, of one problem and metric.
        metric: its title.

    """
    groups = alt.Chart(_data(rows)).encode(y=_name("segment"))
    value = alt.X("value:Q", title=metric, scale=alt.Scale(zero=False))
    return _sized(
        alt.layer(
            groups.mark_rule(color=OURS).encode(x="ci_low:Q", x2="ci_high:Q"),
            groups.mark_point(filled=True, size=50, color=OURS, opacity=1).encode(
                x=value, tooltip=["segment:N", "value:Q", "n:Q"]
            ),
        ),
        rows=len(rows),
    )


def versions(rows: Rows) -> Chart:
    """Draw when each version was in force; one that was stopped is a red cross.

    Args:
        rows: of versions.sql, of one problem.

    """
    lines = alt.Chart(_data(rows)).encode(
        y=_name("model_id"), tooltip=["model_id:N", "decided_on:N", "reason:N"]
    )
    in_force = lines.transform_filter("datum.from_on != null")
    stopped = lines.transform_filter("datum.from_on == null")
    return _sized(
        alt.layer(
            in_force.mark_bar(color=OURS, height=12, cornerRadius=3).encode(
                x=alt.X("from_on:T", title=None), x2="to_on:T"
            ),
            stopped.mark_point(shape="cross", size=80, color=ALARM, filled=True).encode(
                x="decided_on:T"
            ),
        ),
        rows=len(rows),
    )


def costs(rows: Rows) -> Chart:
    """Draw the seconds of the nodes that took longest.

    Args:
        rows: of costs.sql.

    """
    return _sized(
        alt.Chart(_data(rows))
        .mark_bar(color=OURS)
        .encode(
            x=alt.X("seconds:Q", title="seconds"),
            y=_name("node"),
            tooltip=["node:N", "seconds:Q", "peak_memory_mb:Q", "rows:Q"],
        ),
        rows=len(rows),
    )


def outlook() -> Chart:
    """Draw the late flights of an airport by hour; the page gives it its rows."""
    hours = alt.Chart(alt.NamedData("outlook")).encode(
        x=alt.X(
            "hour:O", title="scheduled hour", axis=alt.Axis(labelAngle=0, format="02d")
        )
    )
    late = alt.Y("expected:Q", title="late flights")
    tooltip = ["hour:O", "flights:Q", "expected:Q", "low:Q", "high:Q", "happened:Q"]
    return _sized(
        alt.layer(
            hours.mark_bar(color=OURS, opacity=0.25).encode(y="low:Q", y2="high:Q"),
            hours.mark_tick(color=OURS, thickness=3).encode(y=late, tooltip=tooltip),
            hours.mark_point(color=INK, filled=True, size=40, opacity=1).encode(
                y="happened:Q", tooltip=tooltip
            ),
        )
    )


def _data(rows: Rows) -> alt.InlineData:
    return alt.InlineData(values=[dict(row) for row in rows])


def _week() -> alt.X:
    return alt.X("week:T", title=None, axis=alt.Axis(format="%-d %b"))


def _few_weeks() -> alt.Axis:
    return alt.Axis(labelAngle=0, labelOverlap=True, labelExpr="slice(datum.label, 5)")


def _name(column: str) -> alt.Y:
    """Names from top to bottom in the order of the rows, never cut."""
    return alt.Y(
        f"{column}:N",
        title=None,
        sort=None,
        axis=alt.Axis(labelLimit=220, domain=False),
    )


def _sized(chart: Chart, rows: int | None = None) -> Chart:
    height = _HEIGHT if rows is None else max(60, 18 * rows)
    return chart.properties(width="container", height=height)
