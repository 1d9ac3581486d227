"""Building again: nothing is done twice, and by any way the lake is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import Workspace

if TYPE_CHECKING:
    from pathlib import Path

BOOKKEEPING = {"lake_snapshot", "fit_seconds"}
"""Columns that tell of the build rather than of the data, beside those with a `_`."""

RELATIONS = """
select schema_name || '.' || table_name from duckdb_tables()
where database_name = 'lake'
union all
select schema_name || '.' || view_name from duckdb_views()
where database_name = 'lake'
order by all
"""


def hashes(workspace: Workspace) -> dict[str, tuple[int, int]]:
    """Rows and an order-free hash of every relation, without bookkeeping columns."""
    found = {}
    with workspace.lake() as lake:
        for (relation,) in lake.execute(RELATIONS).fetchall():
            described = lake.execute(f"describe {relation}").fetchall()
            columns = [
                name
                for name, *_ in described
                if not name.startswith("_") and name not in BOOKKEEPING
            ]
            row = lake.execute(
                f"select count(*), bit_xor(hash({', '.join(columns)})) from {relation}"
            ).fetchone()
            assert row is not None
            found[relation] = row
    return found


@pytest.fixture(scope="module")
def in_two_deliveries(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The same year from scratch, landed and built up to October, then to its end."""
    workspace = Workspace(tmp_path_factory.mktemp("in_two_deliveries"))
    workspace.succeed("goldleaf", "land", "nycflights13", "--until", "2013-10-01")
    workspace.succeed("dbt", "build")
    assert workspace.value("select count(*) from ml.models") == 4
    workspace.succeed("goldleaf", "land", "nycflights13")
    printed = workspace.succeed("dbt", "build")
    assert "6 cut-offs due, 2 versions to train" in printed
    return workspace


def test_a_lake_built_in_two_deliveries_equals_one_built_at_once(
    flights_2013: Workspace, in_two_deliveries: Workspace
) -> None:
    at_once = hashes(flights_2013)
    assert len(at_once) > 50
    assert all(
        rows for relation, (rows, _) in at_once.items() if "reject" not in relation
    )
    assert hashes(in_two_deliveries) == at_once


def test_artifacts_of_two_trainings_are_equal_to_the_bit(
    flights_2013: Workspace, in_two_deliveries: Workspace
) -> None:
    artifacts = "select model_id, artifact_sha256, artifact from ml.models order by all"
    first = flights_2013.query(artifacts)
    assert len(first) == 6
    assert in_two_deliveries.query(artifacts) == first


def test_a_build_with_nothing_new_rebuilds_and_trains_nothing(
    in_two_deliveries: Workspace,
) -> None:
    before = hashes(in_two_deliveries)
    printed = in_two_deliveries.succeed("dbt", "build")
    assert "6 cut-offs due, 0 versions to train" in printed
    rebuilt = [
        line
        for line in printed.splitlines()
        if "OK created sql table" in line and "UNCHANGED" not in line
    ]
    assert rebuilt == []
    assert "UNCHANGED" in printed
    assert hashes(in_two_deliveries) == before


def test_landing_again_writes_nothing(flights_2013: Workspace) -> None:
    def written() -> dict[Path, int]:
        return {
            path: path.stat().st_mtime_ns
            for path in flights_2013.landing.rglob("*.csv")
        }

    before = written()
    printed = flights_2013.succeed("goldleaf", "land", "nycflights13")
    assert "0 files landed, 25 were there already" in printed
    assert written() == before
