"""The track record of published predictions, computed again in Python.

From ml.predictions and the facts of gold, without the steps that the SQL goes through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as sk
from test_metrics import REFERENCE, REGRESSION_REFERENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Workspace

ESTIMATES: dict[str, Callable[[Any, Any, Any], float]] = {
    "roc_auc": lambda y, p, w: sk.roc_auc_score(y, p, sample_weight=w),
    "average_precision": lambda y, p, w: sk.average_precision_score(
        y, p, sample_weight=w
    ),
    "accuracy": lambda y, p, w: sk.accuracy_score(y, p >= 0.5, sample_weight=w),
    "f1": lambda y, p, w: sk.f1_score(y, p >= 0.5, sample_weight=w, zero_division=0),
    "log_loss": lambda y, p, w: sk.log_loss(y, p, sample_weight=w),
    "brier": lambda y, p, w: sk.brier_score_loss(y, p, sample_weight=w),
}
KEY = ["model_id", "period", "period_from_local", "segment"]
COUNTS = ["predictions", "labels_known", "labels_pending", "labels_ruled_out"]


def published(workspace: Workspace, problem: str) -> pd.DataFrame:
    with workspace.lake() as lake:
        rows = lake.sql(
            "select predictions.*, origin, flight_date_local "
            "from ml.predictions inner join gold.fct_flights on entity_id = flight_id "
            f"where problem = '{problem}'"
        ).df()
    local = rows.prediction_at.dt.tz_localize("UTC").dt.tz_convert("America/New_York")
    rows["day"] = local.dt.tz_localize(None).dt.normalize()
    rows["week"] = rows.day - pd.to_timedelta(rows.day.dt.day_of_week, unit="D")
    rows["month"] = rows.day - pd.to_timedelta(rows.day.dt.day - 1, unit="D")
    return rows


@pytest.fixture(scope="module", params=["arrival_delay", "cancellation"])
def probabilities(
    flights_2013: Workspace, request: pytest.FixtureRequest
) -> pd.DataFrame:
    return published(flights_2013, request.param)


@pytest.fixture(scope="module")
def minutes(flights_2013: Workspace) -> pd.DataFrame:
    return published(flights_2013, "arrival_delay_minutes")


@pytest.fixture(scope="module")
def performance(flights_2013: Workspace) -> pd.DataFrame:
    return table(flights_2013, "performance")


@pytest.fixture(scope="module")
def estimates(flights_2013: Workspace) -> pd.DataFrame:
    return table(flights_2013, "performance_estimates")


@pytest.fixture(scope="module")
def calibration(flights_2013: Workspace) -> pd.DataFrame:
    return table(flights_2013, "calibration")


def table(workspace: Workspace, name: str) -> pd.DataFrame:
    with workspace.lake() as lake:
        return lake.sql(f"from monitoring.{name}").df()


def groups(rows: pd.DataFrame) -> Iterator[tuple[tuple[Any, ...], pd.DataFrame]]:
    """What each version published by week and month: all, and from each origin."""
    for period in ("week", "month"):
        for (model_id, start), found in rows.groupby(["model_id", period]):
            yield (model_id, period, start, "all"), found
            for origin, part in found.groupby("origin"):
                yield (model_id, period, start, f"origin={origin}"), part


def by_key(figures: pd.DataFrame, metric: str) -> pd.DataFrame:
    return figures[figures.metric == metric].set_index(KEY).sort_index()


def test_realised_figures_equal_scikit_learn(
    performance: pd.DataFrame, probabilities: pd.DataFrame
) -> None:
    realised = performance[performance.kind == "realised"]
    found = {metric: by_key(realised, metric) for metric in REFERENCE}
    compared = 0
    for key, rows in groups(probabilities):
        known, pending = rows.dropna(subset=["label"]), rows.label_known_at.isna().sum()
        counts = [len(rows), len(known), pending, len(rows) - len(known) - pending]
        for metric, reference in REFERENCE.items():
            row = found[metric].loc[key]
            assert list(row[COUNTS]) == counts, key
            if known.label.nunique() < 2:
                continue
            expected = reference(known.label, known.prediction)
            assert row.value == pytest.approx(expected, abs=1e-9), (key, metric)
            assert pd.isna(row.ci_low) == (known.day.nunique() < 2), key
            compared += 1
    assert compared > 100 * len(REFERENCE)


def test_realised_figures_of_minutes_equal_scikit_learn(
    performance: pd.DataFrame, minutes: pd.DataFrame
) -> None:
    found = {metric: by_key(performance, metric) for metric in REGRESSION_REFERENCE}
    for key, rows in groups(minutes):
        known = rows.dropna(subset=["label"])
        for metric, reference in REGRESSION_REFERENCE.items():
            row = found[metric].loc[key]
            if len(known) > 1:
                expected = reference(known, "")
                assert row.value == pytest.approx(expected, rel=1e-9), (key, metric)


def test_estimates_equal_scikit_learn_with_each_label_weighted_by_its_chance(
    estimates: pd.DataFrame, probabilities: pd.DataFrame
) -> None:
    found = {metric: by_key(estimates, metric) for metric in ESTIMATES}
    for key, rows in groups(probabilities):
        chance = rows.prediction.to_numpy()
        label = np.repeat([1, 0], len(rows))
        score = np.tile(chance, 2)
        weight = np.concatenate([chance, 1 - chance])
        for metric, reference in ESTIMATES.items():
            expected = reference(label, score, weight)
            row = found[metric].loc[key]
            assert row.estimated_value == pytest.approx(expected, abs=1e-7), key


def test_estimates_are_shown_only_while_labels_are_pending(
    performance: pd.DataFrame, estimates: pd.DataFrame
) -> None:
    shown = performance[performance.kind == "estimated"]
    pending = estimates[estimates.labels_pending > 0]
    assert len(shown) == len(pending) > 0
    assert set(map(tuple, shown[KEY].to_numpy())) == set(
        map(tuple, pending[KEY].to_numpy())
    )
    complete = estimates[estimates.labels_pending == 0]
    assert pending.error.isna().all()
    assert complete.error.equals(complete.estimated_value - complete.realised_value)


def test_an_estimate_is_a_better_guess_of_log_loss_than_the_gate(
    estimates: pd.DataFrame,
) -> None:
    """On July to October, over the weeks of a version that has all of them."""
    weeks = estimates[
        (estimates.problem == "arrival_delay")
        & (estimates.period == "week")
        & (estimates.segment == "all")
        & (estimates.metric == "log_loss")
        & (estimates.period_from_local < "2013-11-01")
        & (estimates.predictions > 2000)
    ]
    assert len(weeks) > 14
    by_gate = (weeks.gate_value - weeks.realised_value).abs().mean()
    assert weeks.error.abs().mean() < 0.7 * by_gate


def test_the_gate_stands_beside_what_was_published(
    performance: pd.DataFrame, flights_2013: Workspace
) -> None:
    with flights_2013.lake() as lake:
        gate = lake.sql(
            "select model_id, segment, metric, value from ml.metrics "
            "where split = 'gate'"
        ).df()
    beside = performance.merge(gate, on=["model_id", "segment", "metric"], how="left")
    assert beside.gate_value.equals(beside.value_y)
    assert beside[beside.segment == "all"].gate_value.notna().all()


def test_bins_of_equal_count_are_those_of_pandas(
    calibration: pd.DataFrame, probabilities: pd.DataFrame
) -> None:
    known = probabilities.dropna(subset=["label"])
    positive = calibration[calibration.problem == known.problem.iloc[0]]
    by_version = {str(name): rows for name, rows in known.groupby("model_id")}
    for version, rows in {**by_version, "published": known}.items():
        bins = rows.prediction.rank(method="min").sub(1).mul(10).floordiv(len(rows)) + 1
        expected = rows.groupby(bins).agg(
            lowest_prediction=("prediction", "min"),
            highest_prediction=("prediction", "max"),
            mean_prediction=("prediction", "mean"),
            share=("label", "mean"),
            n=("label", "size"),
        )
        found = positive[
            (positive.model_id == version) & (positive.month_local == "all months")
        ].set_index("bin")
        assert list(found.index) == list(range(1, 11))
        assert (found.event == "positive").all()
        assert found.expected_share.equals(found.mean_prediction)
        pd.testing.assert_frame_equal(
            found[expected.columns], expected, check_names=False, check_dtype=False,
            check_index_type=False,
        )  # fmt: skip
        inside = found.dropna(subset=["ci_low"])
        assert (inside.ci_low <= inside.share).all()
        assert (inside.share <= inside.ci_high).all()


def test_the_bins_sum_to_the_calibration_error_of_the_track_record(
    calibration: pd.DataFrame, flights_2013: Workspace
) -> None:
    months = calibration[
        (calibration.model_id == "published")
        & (calibration.event == "positive")
        & (calibration.month_local != "all months")
    ]
    gap = (months.share - months.mean_prediction).abs() * months.n
    by_month = [months.problem, months.month_local]
    error = gap.groupby(by_month).sum() / months.n.groupby(by_month).sum()
    expected = {
        (problem, month): value
        for problem, month, value in flights_2013.query(
            "select problem, until_month_local, value from ml.track_record "
            "where period = 'month' and metric = 'calibration_error'"
        )
    }
    assert error.to_dict() == pytest.approx(expected, abs=1e-9)


def test_what_lies_in_beside_and_beyond_an_interval(
    calibration: pd.DataFrame, minutes: pd.DataFrame
) -> None:
    known = minutes.dropna(subset=["label"])
    found = calibration[
        (calibration.problem == "arrival_delay_minutes")
        & (calibration.model_id == "published")
        & (calibration.month_local == "all months")
    ]
    happened = (found.share * found.n).groupby(found.event).sum()
    assert happened["below"] == pytest.approx((known.label < known.lower).sum())
    assert happened["above"] == pytest.approx((known.label > known.upper).sum())
    assert happened.sum() == pytest.approx(len(known))
    expected = found.groupby("event").expected_share.unique()
    assert expected["covered"] == pytest.approx(0.8)
    assert expected["below"] == expected["above"] == pytest.approx(0.1)
