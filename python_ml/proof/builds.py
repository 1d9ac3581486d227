"""Builds a lake in a folder of its own, by the command that a user would run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Report = Callable[[str, int, int, str], None]
    """Called as a node starts: the build's name, its number, of how many, and what."""

_STARTED = re.compile(r" (\d+) of (\d+) START (?!hook)(.*?) \.*\s*\[RUN\]")
_DBT = Path(sys.executable).parent / "dbt"

_PARSED = Path("target", "partial_parse.msgpack")
_MADE = ("lake", "landing", "logs", "target")
"""What a project's folder holds besides the project."""

_MOVES = re.compile(r"GOLDLEAF_.*|DBT_(ENGINE_)?(TARGET_PATH|LOG_PATH|PROJECT_DIR)")
"""The variables that would lead dbt to other folders."""


class BuildError(Exception):
    """A build failed; the message holds what dbt said."""


@dataclass(frozen=True)
class Build:
    """A lake and what it is built from.

    Attributes:
        project: the dbt project's root.
        folder: where dbt runs: links to all of it, and dbt's own files.
        landing: the landing folder to read.
        lake: the folder of the lake; it is made if it is not there.

    """

    project: Path
    folder: Path
    landing: Path
    lake: Path

    def run(self, name: str, report: Report, *arguments: str) -> None:
        """Run ``dbt build``.

        Args:
            name: of the build, for the report.
            report: told of the progress.
            arguments: of the command line, such as ``--vars``.

        Raises:
            BuildError: when dbt does not end well.

        """
        self._link()
        said = []
        environment = {
            name: value
            for name, value in os.environ.items()
            if not _MOVES.fullmatch(name)
        }
        with subprocess.Popen(
            [_DBT, "--no-use-colors", "build", *arguments],
            cwd=self.folder,
            env={**environment, "PYTHONPATH": str(self.project)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as dbt:
            for line in dbt.stdout or ():
                said.append(line)
                if started := _STARTED.search(line):
                    report(name, int(started[1]), int(started[2]), started[3])
        if dbt.returncode != 0:
            raise BuildError(
                f"The build {name} failed.\n"
                + (self._failures() or "".join(said[-20:]).strip())
            )

    def manifest(self) -> dict[str, Any]:
        """Return dbt's manifest of the project, as it was built."""
        manifest: dict[str, Any] = self._target("manifest.json")
        return manifest

    def _link(self) -> None:
        """Put all that dbt reads where it looks by default.

        To dbt other folders make another project, of which it parses every file. With
        links it goes on from what it parsed in the project, or here before.
        """
        for folder in (self.folder, self.lake):
            folder.mkdir(parents=True, exist_ok=True)
        links = {
            path.name: path for path in self.project.iterdir() if path.name not in _MADE
        }
        links.update(landing=self.landing, lake=self.lake)
        for name, path in links.items():
            link = self.folder / name
            link.unlink(missing_ok=True)
            link.symlink_to(path)
        parsed = self.folder / _PARSED
        if (self.project / _PARSED).exists() and not parsed.exists():
            parsed.parent.mkdir(exist_ok=True)
            shutil.copyfile(self.project / _PARSED, parsed)

    def _failures(self) -> str:
        """Return the models and tests that failed, or nothing if dbt did not begin."""
        if not (self.folder / "target" / "run_results.json").exists():
            return ""
        return "\n".join(
            f"{result['unique_id']}: {(result['message'] or '').strip()}"
            for result in self._target("run_results.json")["results"]
            if result["status"] in ("error", "fail", "runtime error")
        )

    def _target(self, name: str) -> Any:
        return json.loads((self.folder / "target" / name).read_text())
