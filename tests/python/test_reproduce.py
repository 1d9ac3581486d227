"""The command `reproduce`, on a lake with two small problems."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from fake_lake import execute
from trained_lake import make_trained_lake

from python_ml.artifact import code_sha256
from python_ml.edge.command_line import main
from python_ml.edge.lake import open_lake

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    make_trained_lake(folder)
    return folder


@pytest.fixture(autouse=True)
def lake(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = shutil.copytree(trained, tmp_path / "lake")
    monkeypatch.setenv("GOLDLEAF_LAKE", str(folder))
    return folder


def reproduce(model_id: str) -> Result:
    return CliRunner().invoke(main, ("reproduce", model_id))


def version(folder: Path, problem: str) -> tuple[str, str, int]:
    with open_lake(folder) as lake:
        (row,) = lake.execute(
            "select model_id, artifact_sha256, lake_snapshot from ml.models "
            "where problem = $1",
            [problem],
        ).fetchall()
    return row


@pytest.mark.parametrize("problem", ["delay", "delay_minutes"])
def test_a_version_is_trained_again_on_the_rows_of_its_time(
    lake: Path, problem: str
) -> None:
    """What was delivered since, in examples and labels, makes no difference."""
    model_id, sha256, snapshot = version(lake, problem)
    for table in ("dataset", "labels"):
        execute(lake, f"update ml.{problem}_{table} set label = 1 - label")
    result = reproduce(model_id)
    assert result.exit_code == 0, result.output
    assert result.stdout == f"reproduced: {sha256}\n"
    assert result.stderr.splitlines()[-1] == (
        f"Training {model_id} on snapshot {snapshot} ..."
    )
    assert "Not as it was" not in result.stderr


def test_other_code_and_libraries_are_said_before_it_is_trained(lake: Path) -> None:
    """That alone does not make another artifact."""
    model_id, sha256, _ = version(lake, "delay")
    execute(
        lake,
        f"update ml.delay_models set code_sha256 = '{'0' * 64}', library_versions = "
        "regexp_replace(library_versions, 'lightgbm [^,]+', 'lightgbm 1.2.3')",
    )
    result = reproduce(model_id)
    assert result.stdout == f"reproduced: {sha256}\n"
    code, library, training = result.stderr.splitlines()
    assert code == (
        f"Not as it was: training code: 00000000 then, {code_sha256()[:8]} now"
    )
    assert library.startswith("Not as it was: lightgbm: 1.2.3 then, ")
    assert training.startswith("Training ")


def test_another_artifact_fails_and_says_what_differs(lake: Path) -> None:
    model_id, sha256, _ = version(lake, "delay")
    execute(
        lake,
        "update ml.delay_models set feature_names = ['origin', 'wind'], declaration = "
        "replace(declaration, '\"num_leaves\": 4', '\"num_leaves\": 5')",
    )
    result = reproduce(model_id)
    assert result.exit_code == 1
    assert result.stdout == ""
    first, *differences = result.stderr.splitlines()[1:]
    assert first.startswith(f"Error: Not reproduced: {sha256} then, ")
    assert differences[:2] == [
        "  code and libraries: as they were",
        "  features: only then wind; only now departures_3h, delay_minutes_3h, seats",
    ]
    assert differences[2].startswith("  artifact: booster probability")


def test_an_unknown_version_is_refused_with_those_there_are(lake: Path) -> None:
    model_id, _, _ = version(lake, "delay")
    result = reproduce("delay-2013-08-01-0a1b2c3d")
    assert result.exit_code == 1
    assert f"its problem has {model_id}" in result.stderr
    assert "versions of delay, delay_minutes" in reproduce("august").stderr


def test_an_expired_snapshot_is_said(lake: Path) -> None:
    model_id, _, snapshot = version(lake, "delay")
    execute(lake, f"call ducklake_expire_snapshots('lake', versions => [{snapshot}])")
    result = reproduce(model_id)
    assert result.exit_code == 1
    assert f"trained on snapshot {snapshot} of the lake, which has expired" in (
        result.stderr
    )


def test_a_tampered_artifact_is_not_compared(lake: Path) -> None:
    model_id, _, _ = version(lake, "delay")
    execute(
        lake, "update ml.delay_models set artifact = replace(artifact, 'tree', 'thee')"
    )
    result = reproduce(model_id)
    assert result.exit_code == 1
    assert "it was changed after it was trained" in result.stderr
