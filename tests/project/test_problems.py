"""Declarations that make no sense fail the build, with the key and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import Workspace, copy_of_the_project

if TYPE_CHECKING:
    from pathlib import Path


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
    flights_2013: Workspace,
    tmp_path: Path,
    file: str,
    found: str,
    replaced: str,
    message: str,
) -> None:
    project = copy_of_the_project(tmp_path)
    declared = (project / file).read_text()
    assert declared.count(found) == 1
    (project / file).write_text(declared.replace(found, replaced))
    workspace = Workspace(tmp_path)
    workspace.landing.symlink_to(flights_2013.landing)
    workspace.succeed("dbt", "seed")
    failed = workspace.run(
        "dbt", "run", "--select", "problems", "--project-dir", str(project),
        "--profiles-dir", str(project),
    )  # fmt: skip
    assert failed.returncode != 0
    assert message in failed.stdout


def test_every_problem_is_listed_with_its_defaults(flights_2013: Workspace) -> None:
    found = flights_2013.query(
        "select problem, task, metric, calibration_days, gate_days, coverage,"
        " len(gates) from ml.problems order by all"
    )
    assert found == [
        ("arrival_delay", "binary", "log_loss", 21, 14, 0.8, 6),
        ("arrival_delay_minutes", "regression", "pinball", 21, 14, 0.8, 6),
        ("cancellation", "binary", "log_loss", 21, 14, 0.8, 6),
    ]
