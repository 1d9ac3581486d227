"""Performance as of an instant in the middle of a week, against the landed files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from conftest import WITHOUT_TESTS, Workspace, land_slice
from sklearn.metrics import brier_score_loss, roc_auc_score

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = "2013-08-14 20:00"
FIRST, RUNNING = pd.Timestamp("2013-07-01"), pd.Timestamp("2013-08-12")
KEY = ["model_id", "period_from_local"]
WEEKS = f"""
    where period = 'week' and segment = 'all'
    and period_from_local >= date '{FIRST:%Y-%m-%d}'
"""


@pytest.fixture(scope="module")
def past(
    landed_2013: Path, late_arrivals: Path, tmp_path_factory: pytest.TempPathFactory
) -> Workspace:
    workspace = Workspace(tmp_path_factory.mktemp("past"), late_arrivals)
    months = ("2013-05", "2013-06", "2013-07", "2013-08")
    land_slice(landed_2013, workspace.landing, months, every=10)
    workspace.build(
        *WITHOUT_TESTS,
        *("--select", "+performance", "+calibration"),
        *("--vars", f'{{as_of: "{AS_OF}"}}'),
    )
    return workspace


@pytest.fixture(scope="module")
def flights(past: Workspace) -> pd.DataFrame:
    """The predictions beside what the landed files say of those flights."""
    files = sorted((past.landing / "flights").glob("*.csv"))
    rows = pd.concat([pd.read_csv(file) for file in files])
    rows["entity_id"] = [
        f"{row.year}-{row.month:02}-{row.day:02}|{row.carrier}|{row.flight}|{row.origin}"
        for row in rows.itertuples()
    ]
    minutes = pd.to_timedelta(rows.minute, unit="min")
    scheduled = pd.to_datetime(rows.time_hour).dt.tz_localize(None) + minutes
    rows["left_at"] = scheduled + pd.to_timedelta(rows.dep_delay, unit="min")
    rows["given_up_at"] = scheduled + pd.Timedelta(hours=6)
    rows["air"] = pd.to_timedelta(rows.air_time, unit="min")
    local = (scheduled - pd.Timedelta(hours=2)).dt.tz_localize("UTC")
    day = local.dt.tz_convert("America/New_York").dt.tz_localize(None).dt.normalize()
    rows["week"] = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    with past.lake() as lake:
        published = lake.sql(
            "select entity_id, model_id, prediction from ml.predictions"
        ).df()
    found = published.merge(rows, on="entity_id")
    assert len(found) == len(published) > 1000
    return found


@pytest.fixture(scope="module")
def weeks(past: Workspace) -> pd.DataFrame:
    with past.lake() as lake:
        return lake.sql(f"from monitoring.performance {WEEKS}").df()


def test_weeks_that_are_over_are_measured_on_what_the_files_say(
    flights: pd.DataFrame, weeks: pd.DataFrame
) -> None:
    over = flights[(flights.week >= FIRST) & (flights.week < RUNNING)]
    assert over.week.nunique() == 6
    for metric, reference in (("roc_auc", roc_auc_score), ("brier", brier_score_loss)):
        found = weeks[weeks.metric == metric].set_index(KEY)
        for key, rows in over.groupby(["model_id", "week"]):
            landed = rows.dropna(subset=["arr_delay"])
            row = found.loc[key]
            assert row.kind == "realised"
            assert (row.predictions, row.labels_known) == (len(rows), len(landed))
            assert row.labels_pending == 0
            expected = reference(landed.arr_delay >= 15, landed.prediction)
            assert row.value == pytest.approx(expected, abs=1e-9)


def test_what_happens_after_the_clock_is_pending(
    flights: pd.DataFrame, weeks: pd.DataFrame
) -> None:
    clock = pd.Timestamp(AS_OF)
    rows = flights[flights.week == RUNNING]
    landed = rows.arr_delay.notna()
    in_the_air = landed & (rows.left_at + rows.air >= clock)
    long_landed = landed & (rows.left_at + rows.air + pd.Timedelta(hours=2) < clock)
    cancelled = rows.dep_time.isna()
    open_cancellations = cancelled & (rows.given_up_at >= clock)
    assert in_the_air.sum() > 10
    for row in weeks[weeks.period_from_local == RUNNING].itertuples():
        assert row.predictions == len(rows)
        assert row.labels_pending >= in_the_air.sum() + open_cancellations.sum()
        assert long_landed.sum() <= row.labels_known <= (landed & ~in_the_air).sum()


def test_only_the_running_week_is_estimated(
    flights: pd.DataFrame, weeks: pd.DataFrame
) -> None:
    estimated = weeks[weeks.kind == "estimated"].set_index("metric")
    assert set(estimated.period_from_local) == {RUNNING}
    chance = flights[flights.week == RUNNING].prediction
    brier = (chance * (1 - chance)).mean()
    assert estimated.loc["brier"].value == pytest.approx(brier, abs=1e-8)


def test_an_estimate_has_a_track_record(past: Workspace, weeks: pd.DataFrame) -> None:
    with past.lake() as lake:
        estimates = lake.sql(f"from monitoring.performance_estimates {WEEKS}").df()
    over = estimates.period_from_local < RUNNING
    assert over.sum() >= 6 * 6
    assert estimates[over].error.notna().all()
    assert estimates[~over].error.isna().all()
    realised = weeks[weeks.kind == "realised"]
    both = estimates[over].merge(realised, on=[*KEY, "metric"])
    assert len(both) == over.sum()
    assert both.realised_value.equals(both.value)


def test_the_bins_hold_the_labels_known_at_the_clock(past: Workspace) -> None:
    known = past.value("select count(label) from ml.predictions")
    bins = past.query(
        "select sum(n), count(distinct bin) from monitoring.calibration "
        "where model_id = 'published' and month_local = 'all months'"
    )
    assert bins == [(known, 10)]
