"""Building again: nothing is done twice, and nothing taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conftest import Workspace

if TYPE_CHECKING:
    from pathlib import Path


def test_a_build_with_nothing_new_rebuilds_and_trains_nothing(
    built: Workspace,
) -> None:
    before = built.hashes()
    versions = built.value("select count(distinct cutoff_at) from ml.models")
    printed = built.build("--exclude-resource-type", "unit_test")
    assert printed.count(f"{versions} versions trained before, 0 to train") == 3
    rebuilt = [
        line
        for line in printed.splitlines()
        if "OK created sql table" in line and "UNCHANGED" not in line
    ]
    assert rebuilt == []
    assert "UNCHANGED" in printed
    assert built.hashes() == before
    nodes = [node for (node,) in built.query("select node from ml.costs")]
    assert nodes.count("gold.fct_flights") == 1  # what was left alone cost nothing
    assert nodes.count("ml.arrival_delay_models") == 2


def test_a_replay_never_goes_back(some_flights: Workspace, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.landing.symlink_to(some_flights.landing)
    refused = workspace.run(
        "goldleaf", "replay", "--from", "2013-07", "--to", "2013-09"
    )
    assert refused.returncode == 1
    assert "2013-08.csv' is landed already, before its time" in refused.stderr
    refused = workspace.run(
        "goldleaf", "replay", "--from", "2013-07", "--to", "2013-06"
    )
    assert refused.returncode == 1
    assert "--to 2013-06 lies before --from 2013-07" in refused.stderr
