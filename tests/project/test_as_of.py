"""The clock of the project: what a build as of an instant may know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import Workspace, land_slice

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = "2013-02-01 15:00"
VARS = ("--vars", f'{{as_of: "{AS_OF}"}}')
DATASET = "+arrival_delay_dataset"


@pytest.fixture(scope="module")
def workspaces(
    landed_2013: Path, late_arrivals: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Workspace, Workspace]:
    """The same files, built with all that was delivered and as of an instant."""
    whole = Workspace(tmp_path_factory.mktemp("whole"), late_arrivals)
    past = Workspace(tmp_path_factory.mktemp("past"), late_arrivals)
    months = ("2013-01", "2013-02", "2013-03")
    land_slice(landed_2013, whole.landing, months, every=20)
    past.landing.symlink_to(whole.landing)
    whole.build_only(DATASET)
    past.build(*VARS)
    return whole, past


def tables_with(workspace: Workspace, column: str) -> list[str]:
    return [
        table
        for (table,) in workspace.query(
            "select schema_name || '.' || table_name from duckdb_columns() "
            f"where database_name = 'lake' and column_name = '{column}' order by all"
        )
    ]


def test_no_row_was_known_at_the_clock_or_later(
    workspaces: tuple[Workspace, Workspace],
) -> None:
    whole, past = workspaces
    clock = f"timestamp '{AS_OF}'"
    late = "select count(*) from {} where known_at >= " + clock
    tables = tables_with(past, "known_at")
    assert len(tables) > 15
    for table in tables:
        assert past.value(late.format(table)) == 0, table
    tables = tables_with(whole, "known_at")
    filled = [whole.value(late.format(table)) for table in tables]
    assert sum(rows > 0 for rows in filled) > 10
    for table, column in (
        ("silver.typed_flights", "departed_at"),
        ("silver.typed_flights", "arrived_at"),
        ("ml.arrival_delay_dataset", "prediction_at"),
        ("ml.arrival_delay_dataset", "label_known_at"),
    ):
        late = f"select count(*) from {table} where {column} >= {clock}"
        assert past.value(late) == 0, (table, column)
    assert past.query("from gold.clock") == [(past.value(f"select {clock}"),)]


@pytest.mark.parametrize(
    "table",
    [
        "silver.schedules",
        "silver.departures",
        "silver.arrivals",
        "silver.cancellations",
        "silver.weather_observations",
        "silver.aircraft",
        "features.origin_departures",
        "features.route_arrivals",
        "features.aircraft_arrivals",
        "features.origin_weather",
        "features.flight_schedule",
    ],
)
def test_what_was_known_is_the_same_with_the_future_present(
    workspaces: tuple[Workspace, Workspace], table: str
) -> None:
    whole, past = workspaces
    known = f"from {table} where known_at < timestamp '{AS_OF}' order by all"
    assert past.query(known) == whole.query(known)


def test_features_are_the_same_with_the_future_present(
    workspaces: tuple[Workspace, Workspace],
) -> None:
    whole, past = workspaces
    features = (
        "select * exclude (label, label_known_at) from ml.arrival_delay_dataset "
        f"where prediction_at < timestamp '{AS_OF}' order by all"
    )
    rows = past.query(features)
    assert len(rows) > 1000
    assert rows == whole.query(features)


def test_a_lake_that_knows_more_is_not_taken_back(
    workspaces: tuple[Workspace, Workspace],
) -> None:
    whole, _ = workspaces
    refused = whole.run("dbt", "build", *VARS)
    assert refused.returncode != 0
    assert "--full-refresh" in refused.stdout
    assert "2013-04-01 04:00:00" in refused.stdout


def test_before_the_first_cutoff_there_is_no_version(
    workspaces: tuple[Workspace, Workspace],
) -> None:
    _, past = workspaces
    assert past.value("select count(*) from ml.arrival_delay_dataset") > 1000
    assert past.value("select count(*) from ml.models") == 0
    assert past.value("select count(*) from ml.predictions") == 0


def test_a_lake_as_of_the_past_is_carried_forward(
    workspaces: tuple[Workspace, Workspace],
) -> None:
    whole, past = workspaces
    past.build_only(DATASET)
    carried, expected = past.hashes(), whole.hashes()
    assert len(expected) > 30
    assert {table: carried[table] for table in expected} == expected


@pytest.mark.parametrize(
    "value", ["tomorrow", "2013-13-01", "2013-02-30", "10/01/2013"]
)
def test_an_as_of_that_is_no_instant_is_refused(
    workspaces: tuple[Workspace, Workspace], value: str
) -> None:
    _, past = workspaces
    refused = past.run("dbt", "build", "--vars", f'{{as_of: "{value}"}}')
    assert refused.returncode != 0
    assert f"as_of is '{value}'" in refused.stdout
