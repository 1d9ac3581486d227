"""Building again: nothing is done twice, and by any way the lake is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import Workspace

from python_ml.proof.comparison import content_hashes

if TYPE_CHECKING:
    from pathlib import Path


def hashes(workspace: Workspace) -> dict[str, tuple[int, int | None]]:
    with workspace.lake() as lake:
        return content_hashes(lake)


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The same year from scratch: all up to November, then December."""
    workspace = Workspace(tmp_path_factory.mktemp("replayed"))
    printed = workspace.succeed(
        "goldleaf", "replay", "--from", "2013-11", "--to", "2013-12"
    )
    assert "2013-11: 23 files landed" in printed
    assert "2013-12: 2 files landed" in printed
    return workspace


def test_a_lake_that_was_replayed_equals_one_built_at_once(
    flights_2013: Workspace, replayed: Workspace
) -> None:
    at_once = hashes(flights_2013)
    assert len(at_once) > 50
    empty = {relation for relation, (rows, _) in at_once.items() if not rows}
    assert empty == {
        "bronze.rejected_rows",
        "silver.rejected_records",
        "monitoring.leak_proof",
    }
    assert hashes(replayed) == at_once


def test_a_replay_never_goes_back(replayed: Workspace) -> None:
    refused = replayed.run("goldleaf", "replay", "--from", "2013-07", "--to", "2013-09")
    assert refused.returncode == 1
    assert "2013-08.csv' is landed already, before its time" in refused.stderr


@pytest.mark.prove
def test_six_months_replayed_equal_one_build(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    printed = workspace.succeed(
        "goldleaf", "replay", "--from", "2013-07", "--to", "2013-12", "--check"
    )
    assert printed.count("files landed, built") == 6
    assert "tables and views equal those of one build, by hash" in printed


def test_artifacts_of_two_trainings_are_equal_to_the_bit(
    flights_2013: Workspace, replayed: Workspace
) -> None:
    artifacts = "select model_id, artifact_sha256, artifact from ml.models order by all"
    first = flights_2013.query(artifacts)
    assert len(first) == 6
    assert replayed.query(artifacts) == first


def test_a_build_with_nothing_new_rebuilds_and_trains_nothing(
    replayed: Workspace,
) -> None:
    before = hashes(replayed)
    printed = replayed.succeed("dbt", "build")
    assert "6 cut-offs due, 0 versions to train" in printed
    rebuilt = [
        line
        for line in printed.splitlines()
        if "OK created sql table" in line and "UNCHANGED" not in line
    ]
    assert rebuilt == []
    assert "UNCHANGED" in printed
    assert hashes(replayed) == before


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
