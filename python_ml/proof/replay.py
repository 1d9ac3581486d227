"""Lands files month by month and builds each time, as they would come in production."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from python_ml.delivery import correction_date
from python_ml.edge.landing import land_file, month_end

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from python_ml.proof.builds import Build, Report

_BEGINS_WITH_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class ReplayError(Exception):
    """The files cannot be replayed; the message says what to do."""


def replay(
    source: Path, build: Build, first: str, last: str, report: Report
) -> Iterator[tuple[str, int]]:
    """Deliver the files of a folder in the order of time, and build after each month.

    The first delivery holds all months up to and with ``first``. A correction such as
    ``2013-08@2013-10-05.csv`` comes with the first month that ends on its date or
    later, and so does a file whose name begins with a date, such as a decision; a file
    named after neither, or with no date after its @, with the first delivery, so that
    bronze can say what is wrong with it.

    Args:
        source: the folder with all files, laid out as a landing folder.
        build: whose landing folder is filled; it must not hold a later file yet.
        first: the month after which to build first, ``YYYY-MM``.
        last: the last one.
        report: told of the progress of each build.

    Yields:
        Each month and how many files were delivered with it, once it is built.

    Raises:
        ReplayError: when the landing folder or the months make no sense.
        BuildError: when dbt does not end well.

    """
    if last < first:
        raise ReplayError(f"--to {last} lies before --from {first}.")
    files = {path.relative_to(source): path for path in source.rglob("*.csv")}
    early = sorted(
        name
        for name in files
        if (build.landing / name).exists() and _delivered_on(name) > month_end(first)
    )
    if early:
        raise ReplayError(
            f"'{build.landing / early[0]}' is landed already, before its time: replay "
            "into an empty lake and landing folder (GOLDLEAF_LAKE, GOLDLEAF_LANDING)."
        )
    month = first
    while month <= last:
        outcomes = [
            land_file(build.landing / name, path.read_bytes()).outcome
            for name, path in sorted(files.items())
            if _delivered_on(name) <= month_end(month)
        ]
        build.run(f"after {month}", report)
        yield month, outcomes.count("landed")
        month = f"{month_end(month):%Y-%m}"


def _delivered_on(file: Path) -> date:
    """Return when a file comes: its correction's date, its day or its month's end."""
    try:
        if corrected := correction_date(file.name):
            return corrected
        if _BEGINS_WITH_DAY.match(file.name):
            return date.fromisoformat(file.name[:10])
        return month_end(file.stem)
    except ValueError:  # of the date after its @, of its day, or of its month
        return date.min
