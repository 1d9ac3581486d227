"""Declarations that make no sense fail the build, with the key and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import Workspace, copy_of_the_project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def seeded(landed_2013: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A copy of the project, to be changed, and its seeds."""
    folder = tmp_path_factory.mktemp("problems")
    workspace = Workspace(folder, copy_of_the_project(folder))
    workspace.landing.symlink_to(landed_2013)
    workspace.succeed("dbt", "seed")
    return workspace


@pytest.mark.parametrize(
    ("file", "found", "replaced", "message"),
    [
        (
            "models/ml/cancellation/_cancellation.yml",
            "    groups: [origin, carrier]\n",
            "    groups: [origin, carrier]\n    gate_day: 14\n",
            "unknown key 'gate_day' in the declaration: known are baseline,",
        ),
        (
            "models/ml/cancellation/_cancellation.yml",
            "      calibrated: 0.02\n",
            "      calibrated: often\n",
            "gates.calibrated is 'often': expected a bound, 0 or more, or false",
        ),
        (
            "models/ml/cancellation/_cancellation.yml",
            "    name: cancellation\n",
            "    name: cancelations\n",
            "declares the name 'cancelations': expected 'cancellation'",
        ),
        (
            "dbt_project.yml",
            "problems: [arrival_delay,",
            "problems: [taxi_time, arrival_delay,",
            "depends on a node named 'taxi_time_",
        ),
    ],
    ids=["unknown key", "bad value", "another name", "no such problem"],
)
def test_a_declaration_that_makes_no_sense_fails_the_build(
    seeded: Workspace, file: str, found: str, replaced: str, message: str
) -> None:
    path = seeded.project / file
    declared = path.read_text()
    assert declared.count(found) == 1
    path.write_text(declared.replace(found, replaced))
    try:
        failed = seeded.run("dbt", "run", "--select", "problems")
    finally:
        path.write_text(declared)
    assert failed.returncode != 0
    assert message in failed.stdout
