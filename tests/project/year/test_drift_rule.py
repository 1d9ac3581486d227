"""What raises an alert of drift, and what does not, on the real year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from drift_engine import DriftModels, drift_models

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Workspace
    from duckdb import DuckDBPyConnection

PROBLEM = "arrival_delay"
CUTOFF = "2013-09-01"  # of the version; nothing after October is read
VERSION = (
    "(select model_id from lake.ml.models"
    f" where problem = '{PROBLEM}' and cutoff_at = '{CUTOFF}' and attempt = 1)"
)
DRAWS = 10
SHIFTED_FROM = "2013-09-11"  # a Wednesday

# What is planted from then on, for 19 days: how a feature changes.
SHIFTS = {
    "pressure_millibars": "pressure_millibars * 0.02953",  # inches of mercury
    "aircraft_slack_minutes": "aircraft_slack_minutes / 60",  # hours
    "carrier": "replace(carrier, 'UA', 'UAL')",
    "destination": "replace(destination, 'ATL', 'KATL')",
    "network_overdue_departures": "30",  # stuck
    "dew_point_f": "64.4",  # stuck
    "temperature_f": "case when hash(flight_id) % 10 > 2 then temperature_f end",
}
DELAY_DAYS = {
    **dict.fromkeys(SHIFTS, 5),  # at the end of the week in which it began
    "pressure_millibars": 12,  # weather: two days as ever hide five that are not
    "dew_point_f": 12,
}


@pytest.fixture(scope="module")
def models(flights_2013: Workspace) -> DriftModels:
    return drift_models(flights_2013)


@pytest.fixture
def engine(models: DriftModels) -> Iterator[DuckDBPyConnection]:
    with models.engine() as connection:
        yield connection


@pytest.fixture(scope="module")
def year(flights_2013: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The version, its counts until October, and every fourth flight with its score."""
    folder = tmp_path_factory.mktemp("year")
    some = "hash({}) % 4 = 0 and prediction_at < '2013-11-01'"
    queries = {
        f"{PROBLEM}_dataset": f"from ml.{PROBLEM}_dataset"
        f" where {some.format('flight_id')}",
        "scores": f"from ml.scores where model_id = {VERSION}"
        f" and {some.format('entity_id')}",
        "models": "select * exclude (artifact) from ml.models"
        f" where model_id = {VERSION}",
        "importances": f"from ml.importances where model_id = {VERSION}",
        "drift_counts": f"from monitoring.drift_counts where problem = '{PROBLEM}'"
        f" and model_id in ('', {VERSION})"
        " and week_from_at between '2013-01-07' and '2013-10-21'",
    }
    with flights_2013.lake() as lake:
        for name, query in queries.items():
            lake.execute(f"copy ({query}) to '{folder}/{name}.parquet'")
    return folder


def drawn_weeks(counts: pd.DataFrame) -> pd.DataFrame:
    """Divide the real weeks by chance, again and again, into reference and new ones."""
    draw = np.random.default_rng(2013)
    rows = []
    for is_of_features, share in ((True, 0.75), (False, 0.4)):
        own = counts.week_from_at[(counts.model_id == "") == is_of_features]
        weeks = np.sort(own.unique())
        weeks = weeks if is_of_features else weeks[1:]  # of the first, some days
        for number in range(DRAWS):
            is_reference = draw.permutation(len(weeks)) < share * len(weeks)
            rows += [
                (PROBLEM, f"m{number}", is_of_features, week, reference)
                for week, reference in zip(weeks, is_reference, strict=True)
            ]
    columns = ["problem", "model_id", "is_of_features", "week_from_at", "is_reference"]
    return pd.DataFrame(rows, columns=columns)


def test_weeks_that_differ_as_weeks_do_raise_few_alerts(
    engine: DuckDBPyConnection, year: Path, models: DriftModels
) -> None:
    """Stationary by construction, and each week as it really was, storms included."""
    counts = engine.sql(
        f"select distinct model_id, week_from_at from '{year}/drift_counts.parquet'"
    ).df()
    weeks = drawn_weeks(counts)
    engine.register("weeks", weeks)
    versions = f"(select 'm' || i as model_id from range({DRAWS}) as numbers (i))"
    engine.execute(
        f"""
        create table monitoring.drift_weeks as from weeks;
        create table monitoring.drift_counts as
        from '{year}/drift_counts.parquet' where model_id = ''
        union all
        select counts.* replace (versions.model_id as model_id)
        from '{year}/drift_counts.parquet' as counts cross join {versions} as versions
        where counts.model_id <> '';
        insert into ml.models by name from {versions};
        insert into ml.importances by name
        select importances.* replace (versions.model_id as model_id)
        from '{year}/importances.parquet' as importances
        cross join {versions} as versions
        """
    )
    models.build(engine, "drift_bins", "drift_distances", "drift_tests", "drift")
    found = engine.sql("from monitoring.drift where n > 0").df()
    assert found.psi.notna().all()
    is_prediction = found.feature == "(prediction)"
    alerts, rare = [], []
    for rows in (found[is_prediction], found[~is_prediction]):
        by_week = rows.groupby(["model_id", "week_from_at"])
        assert len(by_week) >= 7 * DRAWS
        alerts.append(by_week.is_alert.any().mean())
        rare.append((by_week.corrected_p_value.min() < 0.05).mean())
    assert sum(alerts) <= 0.05  # of the weeks, by a feature or the prediction
    assert max(rare) <= 0.08  # what is only rare keeps to about what Holm promises


def test_a_planted_shift_is_found_at_the_end_of_its_week(
    engine: DuckDBPyConnection, year: Path, models: DriftModels
) -> None:
    """On a copy of the dataset from Wednesday on: known on Monday, five days later."""
    shifted = ", ".join(
        f"case when prediction_at >= '{SHIFTED_FROM}' then {change} else {feature} end"
        f" as {feature}"
        for feature, change in SHIFTS.items()
    )
    engine.execute(
        f"""
        insert into ml.{PROBLEM}_dataset by name select * replace ({shifted})
        from '{year}/{PROBLEM}_dataset.parquet';
        insert into ml.scores by name from '{year}/scores.parquet';
        insert into ml.models by name from '{year}/models.parquet';
        insert into ml.importances by name from '{year}/importances.parquet';
        insert into ml.champions by name
        select problem, model_id, available_at as from_at from ml.models;
        insert into gold.clock by name select timestamp '2013-09-30' as clock_at
        """
    )
    models.build(engine)
    found = engine.sql("from monitoring.drift where is_alert").df()
    first = found.groupby("feature").week_from_at.min()
    delays = {
        feature: (week + pd.Timedelta(days=7) - pd.Timestamp(SHIFTED_FROM)).days
        for feature, week in first.items()
    }
    assert delays == DELAY_DAYS
