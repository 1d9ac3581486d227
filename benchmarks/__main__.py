"""Prints every figure of the benchmarks, or of the parts that are named.

``make bench`` or ``python -m benchmarks``; ``python -m benchmarks scoring`` for a part.
"""

from __future__ import annotations

import subprocess
import sys

import click

from benchmarks import automl, point_in_time, scoring

PARTS = {
    **point_in_time.TABLES,
    "scoring": scoring,
    "flaml": automl,
}


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)))
def main(parts: tuple[str, ...]) -> None:
    """Measure and print the parts, by default all of them.

    Ends with status 1 if two results differ, or there is no lake.
    """
    chosen = [name for name in PARTS if name in parts or not parts]
    tables = [table for name in chosen for table in point_in_time.TABLES.get(name, ())]
    try:
        is_equal = point_in_time.compare(tables)
        if "scoring" in chosen:
            is_equal = scoring.compare() and is_equal
        if "flaml" in chosen:
            automl.compare()
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)  # what failed has said why
    sys.exit(0 if is_equal else 1)


if __name__ == "__main__":
    main()
