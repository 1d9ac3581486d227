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
from pathlib import Path
from typing import Any

from benchmarks.printing import say

FOLDER = Path("target/benchmarks")
"""Where inputs and results lie."""

RUNS = 3
ENOUGH_SECONDS = 120  # a slow contender is not run again after so long
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
    python: Path = Path(sys.executable)
    timeout_seconds: float = TIMEOUT_SECONDS
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
                timeout=self.timeout_seconds,
                capture_output=True,
                text=True,
                check=False,
            )
        except subprocess.TimeoutExpired:
            self.failure = f"stopped after {self.timeout_seconds:g} s"
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


def measure(contenders: list[Contender], folder: Path) -> None:
    """Run the contenders in turns, so that a busy moment does not hit only one."""
    for turn in range(1, RUNS + 1):
        for contender in contenders:
            if sum(contender.seconds) < ENOUGH_SECONDS:
                say(f"{folder.name}: {contender.name}, run {turn} of {RUNS}")
                contender.run(folder)


def different_rows(expected: Path, found: Path) -> int:
    """Return in how many rows two results differ."""
    return int(output_of("benchmarks.compare", expected, found))


def output_of(module: str, *arguments: str | Path) -> Any:
    """Return what a module prints, as JSON, from a process of its own.

    Raises:
        subprocess.CalledProcessError: when it fails; it has said why.

    """
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, check=True
    )
    return json.loads(done.stdout)
