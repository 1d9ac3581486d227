"""Starts contenders, each run in a fresh process, and keeps what they measured.

Nothing heavy is imported here: on Linux a process starts with the peak of its parent.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT_SECONDS = 900
ENVIRONMENT = {
    **os.environ,
    "POLARS_MAX_THREADS": "2",  # as many as DuckDB has in profiles.yml
    "PYTHONWARNINGS": "ignore",  # so that the last line of stderr is the reason
    "TZ": "UTC",  # Feast casts timestamps in the local zone
}


@dataclass
class Contender:
    """A row of the printed table: how to run it, and what was measured so far."""

    name: str
    module: str
    python: Path
    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    failure: str = ""

    def run(self, folder: Path) -> None:
        """Run once on the inputs in a folder; after a failure, never again."""
        if self.failure:
            return
        command: list[str | Path] = [self.python, "-m", "benchmarks.contender"]
        try:
            done = subprocess.run(
                [*command, self.module, folder, self.result(folder)],
                env=ENVIRONMENT,
                timeout=TIMEOUT_SECONDS,
                capture_output=True,
                text=True,
                check=False,
            )
        except subprocess.TimeoutExpired:
            self.failure = f"stopped after {TIMEOUT_SECONDS} s"
        except FileNotFoundError:
            self.failure = f"{self.python} is missing: `make bench` installs it"
        else:
            self.keep(done)

    def keep(self, done: subprocess.CompletedProcess[str]) -> None:
        """Keep the figures of a run, or the reason of its failure."""
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
            self.failure = f"failed ({done.returncode}): {reason[:80]}"
            return
        measured = json.loads(done.stdout.splitlines()[-1])
        self.seconds.append(measured["seconds"])
        self.megabytes.append(measured["megabytes"])

    def result(self, folder: Path) -> Path:
        """Return the file of the result, in a folder beside the inputs."""
        return folder / "results" / f"{self.module}.parquet"

    @property
    def median_seconds(self) -> float:
        """The median of the runs."""
        return statistics.median(self.seconds)


def different_rows(expected: Path, found: Path) -> int:
    """Return in how many rows two results differ, counted in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.compare", expected, found],
        stdout=subprocess.PIPE,
        check=True,
    )
    return int(done.stdout)
