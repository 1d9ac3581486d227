"""The clock of the project: what a build as of an instant may know.

Shown on the lakes of a proof over one cut-off, on a small slice, with the problem that
keeps intervals. `make prove` proves all problems, over twenty cut-offs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from conftest import Workspace, copy_of_the_project, remember_what_was_parsed
from leaks import MID_MONTH

if TYPE_CHECKING:
    from pathlib import Path

VARS = ("--vars", f'{{as_of: "{MID_MONTH}"}}')
DATASET = "+arrival_delay_minutes_dataset"


class Proof(NamedTuple):
    """The lake that keeps what was found, the proof's own, and what it printed."""

    kept: Workspace
    whole: Workspace
    past: Workspace
    printed: str


@pytest.fixture(scope="module")
def proof(summer: Path, tmp_path_factory: pytest.TempPathFactory) -> Proof:
    folder = tmp_path_factory.mktemp("proof")
    project = copy_of_the_project(folder, "arrival_delay_minutes")

    def workspace(name: str) -> Workspace:
        (folder / name).mkdir()
        workspace = Workspace(folder / name, project)
        workspace.landing.symlink_to(summer)
        return workspace

    kept, whole, past = (workspace(name) for name in ("kept", "whole", "past"))
    refused = kept.run("goldleaf", "leak-proof", "--draw", "1")
    assert refused.returncode == 1
    assert "There is no lake" in refused.stderr
    kept.build("--select", "leak_proof")
    printed = kept.succeed(
        "goldleaf", "leak-proof", "--cutoff", str(MID_MONTH),
        "--folder", str(folder / "lakes"),
    )  # fmt: skip
    for lake, of in (("with_future", whole), ("as_of_20130814T200000", past)):
        (of.folder / "lake").symlink_to(folder / "lakes" / lake)
    remember_what_was_parsed(folder / "lakes" / "dbt_as_of", *VARS[1:])
    return Proof(kept, whole, past, printed)


def test_nothing_depends_on_what_came_later(proof: Proof) -> None:
    assert "Nothing depends on what came later." in proof.printed
    kept = proof.kept.query(
        "select relation, future, rows_compared, rows_changed"
        f" from monitoring.leak_proof where cutoff_at = '{MID_MONTH}'"
    )
    compared = {(relation, future) for relation, future, rows, _ in kept if rows}
    assert len(kept) > 50
    assert {relation for relation, _, rows, _ in kept if not rows} == set()
    kinds = ("labels", "dataset", "scores", "predictions", "models")
    relations = [f"arrival_delay_minutes_{kind}" for kind in kinds]
    for name in (*relations, "evaluations", "gates", "interval_offsets"):
        assert (f"ml.{name}", "poisoned") in compared
        assert f"ml.{name}" in proof.printed
    assert ("features.flights_at_prediction", "present") in compared
    assert ("silver.decisions", "poisoned") in compared
    assert [row for row in kept if row[3]] == []


def tables_with(workspace: Workspace, column: str) -> list[str]:
    return [
        table
        for (table,) in workspace.query(
            "select schema_name || '.' || table_name from duckdb_columns() "
            f"where database_name = 'lake' and column_name = '{column}' order by all"
        )
    ]


def test_no_row_was_known_at_the_clock_or_later(proof: Proof) -> None:
    clock = f"timestamp '{MID_MONTH}'"
    late = "select count(*) from {} where known_at >= " + clock
    tables = tables_with(proof.past, "known_at")
    assert len(tables) > 15
    for table in tables:
        assert proof.past.value(late.format(table)) == 0, table
    tables = tables_with(proof.whole, "known_at")
    filled = [proof.whole.value(late.format(table)) for table in tables]
    assert sum(rows > 0 for rows in filled) > 10
    for table, column in (
        ("silver.typed_flights", "departed_at"),
        ("silver.typed_flights", "arrived_at"),
        ("ml.arrival_delay_minutes_dataset", "prediction_at"),
        ("ml.arrival_delay_minutes_dataset", "label_known_at"),
    ):
        late = f"select count(*) from {table} where {column} >= {clock}"
        assert proof.past.value(late) == 0, (table, column)
        assert proof.whole.value(late) > 0, (table, column)
    assert proof.past.query("from gold.clock") == [
        (proof.past.value(f"select {clock}"),)
    ]


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
    proof: Proof, table: str
) -> None:
    """In plain SQL, without the code that the proof compares with."""
    known = f"from {table} where known_at < timestamp '{MID_MONTH}' order by all"
    rows = proof.past.query(known)
    assert rows
    assert rows == proof.whole.query(known)


def test_features_are_the_same_with_the_future_present(proof: Proof) -> None:
    features = (
        "select * exclude (label, label_known_at) "
        "from ml.arrival_delay_minutes_dataset "
        f"where prediction_at < timestamp '{MID_MONTH}' order by all"
    )
    rows = proof.past.query(features)
    assert len(rows) > 1000
    assert rows == proof.whole.query(features)


def test_a_lake_that_knows_more_is_not_taken_back(proof: Proof) -> None:
    refused = proof.whole.run("dbt", "build", *VARS)
    assert refused.returncode != 0
    assert "--full-refresh" in refused.stdout
    assert "2013-09-01 04:00:00" in refused.stdout


def test_a_lake_as_of_the_past_is_carried_forward(proof: Proof) -> None:
    before, whole = proof.past.hashes(), proof.whole.hashes()
    printed = proof.past.build_only(DATASET)
    carried = proof.past.hashes()
    expected = {table: whole[table] for table in whole if f" {table} ." in printed}
    assert len(expected) > 30
    assert {table: carried[table] for table in expected} == expected
    moved = [table for table in expected if carried[table] != before[table]]
    assert len(moved) > 25
    assert "ml.arrival_delay_minutes_dataset" in moved


@pytest.mark.parametrize(
    "value", ["tomorrow", "2013-13-01", "2013-02-30", "10/01/2013"]
)
def test_an_as_of_that_is_no_instant_is_refused(proof: Proof, value: str) -> None:
    refused = proof.whole.run("dbt", "build", "--vars", f'{{as_of: "{value}"}}')
    assert refused.returncode != 0
    assert f"as_of is '{value}'" in refused.stdout
