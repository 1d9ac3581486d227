"""Metrics computed in SQL against scikit-learn, on every version, split and segment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as sk

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Workspace

REFERENCE: dict[str, Callable[[Any, Any], float]] = {
    "roc_auc": sk.roc_auc_score,
    "average_precision": sk.average_precision_score,
    "accuracy": lambda y, p: sk.accuracy_score(y, p >= 0.5),
    "f1": lambda y, p: sk.f1_score(y, p >= 0.5),
    "log_loss": lambda y, p: sk.log_loss(y, p),
    "brier": sk.brier_score_loss,
}


TAIL = 0.1


def mean_pinball(label: Any, rows: pd.DataFrame, of: str) -> float:
    """The mean over the median and the ends of the interval."""
    ends = (f"{of}lower", TAIL), (f"{of}prediction", 0.5), (f"{of}upper", 1 - TAIL)
    return float(
        np.mean(
            [
                sk.mean_pinball_loss(label, rows[name], alpha=share)
                for name, share in ends
            ]
        )
    )


REGRESSION_REFERENCE: dict[str, Callable[[pd.DataFrame, str], float]] = {
    "mae": lambda rows, of: sk.mean_absolute_error(rows.label, rows[f"{of}prediction"]),
    "rmse": lambda rows, of: sk.root_mean_squared_error(
        rows.label, rows[f"{of}prediction"]
    ),
    "r2": lambda rows, of: sk.r2_score(rows.label, rows[f"{of}prediction"]),
    "pinball": lambda rows, of: mean_pinball(rows.label, rows, of),
    "coverage": lambda rows, of: (
        (rows[f"{of}lower"] <= rows.label) & (rows.label <= rows[f"{of}upper"])
    ).mean(),
    "interval_width": lambda rows, of: (rows[f"{of}upper"] - rows[f"{of}lower"]).mean(),
}


@pytest.fixture(scope="module")
def figures(flights_2013: Workspace) -> pd.DataFrame:
    with flights_2013.lake() as lake:
        return lake.sql("from ml.metrics").df()


def evaluated(workspace: Workspace, condition: str) -> pd.DataFrame:
    with workspace.lake() as lake:
        return lake.sql(
            "select * exclude (segments), list_filter(segments,"
            " lambda segment: segment like 'origin=%')[1] as origin"
            f" from ml.evaluations where {condition}"
        ).df()


@pytest.fixture(scope="module")
def evaluations(flights_2013: Workspace) -> pd.DataFrame:
    return evaluated(flights_2013, "problem = 'arrival_delay'")


def groups(evaluations: pd.DataFrame) -> list[tuple[tuple[str, ...], pd.DataFrame]]:
    """The evaluated rows by version, split and segment: all, and each origin."""
    by_version = evaluations.groupby(["model_id", "split"])
    found = [((*key, "all"), rows) for key, rows in by_version]
    by_origin = evaluations.groupby(["model_id", "split", "origin"])
    return found + list(by_origin)


def by_group(figures: pd.DataFrame, metric: str) -> pd.DataFrame:
    return figures[figures.metric == metric].set_index(["model_id", "split", "segment"])


@pytest.mark.parametrize("metric", REFERENCE)
def test_sql_equals_scikit_learn(
    figures: pd.DataFrame, evaluations: pd.DataFrame, metric: str
) -> None:
    values = by_group(figures, metric)
    compared = 0
    for key, rows in groups(evaluations):
        row = values.loc[key]
        expected = REFERENCE[metric](rows.label, rows.prediction)
        naive = REFERENCE[metric](rows.label, rows.baseline_prediction)
        assert row.value == pytest.approx(expected, abs=1e-9), key
        assert row.baseline_value == pytest.approx(naive, abs=1e-9), key
        assert row.n == len(rows), key
        compared += 1
    assert compared == 6 * 3 * 4


@pytest.fixture(scope="module")
def minutes(flights_2013: Workspace) -> pd.DataFrame:
    return evaluated(
        flights_2013, "problem = 'arrival_delay_minutes' and split <> 'live'"
    )


@pytest.mark.parametrize("metric", REGRESSION_REFERENCE)
def test_sql_equals_scikit_learn_on_minutes(
    figures: pd.DataFrame, minutes: pd.DataFrame, metric: str
) -> None:
    values, reference = by_group(figures, metric), REGRESSION_REFERENCE[metric]
    compared = 0
    for key, rows in groups(minutes):
        row = values.loc[key]
        assert row.value == pytest.approx(reference(rows, ""), rel=1e-9), key
        naive = reference(rows, "baseline_")
        assert row.baseline_value == pytest.approx(naive, rel=1e-9), key
        assert row.ci_low < row.value < row.ci_high, key
        compared += 1
    assert compared == 6 * 2 * 4


def test_calibration_error_is_that_of_ten_bins_of_equal_count(
    figures: pd.DataFrame, evaluations: pd.DataFrame
) -> None:
    values = by_group(figures, "calibration_error")
    for key, rows in groups(evaluations):
        ordered = rows.sort_values("prediction")
        bins = np.arange(len(rows)) * 10 // len(rows)
        gaps = (ordered.prediction - ordered.label).groupby(bins).sum().abs()
        assert values.loc[key].value == pytest.approx(
            gaps.sum() / len(rows), abs=1e-3
        ), key


def test_intervals_agree_with_a_bootstrap_of_whole_days(
    figures: pd.DataFrame, evaluations: pd.DataFrame
) -> None:
    """The influences give about the interval that resampling and ranking anew gives."""
    model_id = evaluations.model_id.min()
    live = evaluations[
        (evaluations.model_id == model_id) & (evaluations.split == "live")
    ]
    days = [rows for _, rows in live.groupby("resampling_day")]
    generator = np.random.default_rng(0)
    resamples: dict[str, list[float]] = {"roc_auc": [], "average_precision": []}
    for _ in range(60):
        drawn = generator.choice(len(days), len(days))
        rows = pd.concat([days[place] for place in drawn])
        for metric, values in resamples.items():
            values.append(REFERENCE[metric](rows.label, rows.prediction))
    for metric, values in resamples.items():
        row = figures[
            (figures.model_id == model_id)
            & (figures.split == "live")
            & (figures.segment == "all")
            & (figures.metric == metric)
        ].iloc[0]
        width = 2 * 1.96 * float(np.std(values))
        assert row.ci_low < row.value < row.ci_high
        assert row.ci_high - row.ci_low == pytest.approx(width, rel=0.35), metric


def test_intervals_are_in_range_and_hold_their_metric(figures: pd.DataFrame) -> None:
    known = figures.dropna(subset=["ci_low"])
    assert len(known) > 1000
    assert (known[known.metric != "r2"].ci_low >= 0).all()
    assert (known.ci_low <= known.ci_high).all()
    bounded = known[known.metric.isin([*REFERENCE, "r2", "coverage"])]
    assert (bounded[bounded.metric != "log_loss"].ci_high <= 1).all()
