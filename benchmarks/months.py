"""July to October, walk-forward: what versions are trained and measured on.

November and December are left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from python_ml.edge.lake import require_built
from python_ml.edge.train import labelled_examples
from python_ml.problem import Problem
from python_ml.stretches import Stretches

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

PROBLEM = "arrival_delay"
MONTHS = (7, 8, 9, 10)


@dataclass(frozen=True)
class Month:
    """The labelled examples of a cut-off: fit, calibration, and the month after it."""

    cutoff: datetime
    calibrator_check_from: datetime
    fit: pa.Table
    calibration: pa.Table
    live: pa.Table


def newest_version(lake: DuckDBPyConnection, problem: str) -> DuckDBPyRelation:
    """Return the row of the version that was trained last.

    Raises:
        LakeError: when nothing is built yet.

    """
    require_built(lake)
    versions = lake.table(f"ml.{problem}_models")
    return versions.order("cutoff_at desc, attempt desc").limit(1)


def declared(lake: DuckDBPyConnection, name: str = PROBLEM) -> Problem:
    """Return the problem as it was declared for the newest version.

    Raises:
        LakeError: when nothing is built yet.

    """
    ((declaration,),) = newest_version(lake, name).project("declaration").fetchall()
    return Problem.from_json(declaration)


def months(lake: DuckDBPyConnection, problem: Problem) -> Iterator[Month]:
    """Read the examples of one cut-off after the other."""
    dataset, labels = (
        lake.table(f"ml.{problem.name}_{kind}") for kind in ("dataset", "labels")
    )
    for month in MONTHS:
        cutoff = datetime(2013, month, 1)
        stretches = Stretches.before(cutoff, problem)
        ends = [*stretches.ends(), datetime(2013, month + 1, 1)]
        fit, calibration, _, live = labelled_examples(problem, dataset, labels, ends)
        yield Month(cutoff, stretches.calibrator_check_from, fit, calibration, live)
