"""Where a build of a proof finds its files; a script takes the place of dbt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from python_ml.proof import builds
from python_ml.proof.builds import Build, BuildError

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = """#!/bin/sh
for name in dbt_project.yml landing lake; do echo "$name: $(readlink -f $name)"; done
echo "parsed: $(cat target/partial_parse.msgpack)"
echo "moved to: $GOLDLEAF_LAKE$GOLDLEAF_LANDING$DBT_TARGET_PATH"
exit 1
"""


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    script = tmp_path / "dbt.sh"
    script.write_text(SCRIPT)
    script.chmod(0o755)
    monkeypatch.setattr(builds, "_DBT", script)
    project = tmp_path / "project"
    for folder in ("target", "landing", "lake"):
        (project / folder).mkdir(parents=True)
    (project / "dbt_project.yml").write_text("name: some\n")
    (project / "target" / "partial_parse.msgpack").write_text("of the project")
    return Build(
        project, tmp_path / "dbt", tmp_path / "landed", tmp_path / "a" / "lake"
    )


def said_by(build: Build) -> list[str]:
    with pytest.raises(BuildError) as failed:
        build.run("of a test", lambda *_: None)
    return str(failed.value).splitlines()[1:]


def test_dbt_finds_all_where_it_looks_by_default(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GOLDLEAF_LAKE", "GOLDLEAF_LANDING", "DBT_TARGET_PATH"):
        monkeypatch.setenv(name, "/elsewhere")
    assert said_by(build) == [
        f"dbt_project.yml: {build.project / 'dbt_project.yml'}",
        f"landing: {build.landing}",
        f"lake: {build.lake}",
        "parsed: of the project",
        "moved to:",
    ]


def test_another_build_of_the_folder_reads_another_lake_and_keeps_what_was_parsed(
    build: Build, tmp_path: Path
) -> None:
    said_by(build)
    (build.folder / "target" / "partial_parse.msgpack").write_text("of the first build")
    another = Build(
        build.project, build.folder, tmp_path / "poisoned", tmp_path / "another"
    )
    assert said_by(another)[1:4] == [
        f"landing: {another.landing}",
        f"lake: {another.lake}",
        "parsed: of the first build",
    ]
    assert build.lake.is_dir()
