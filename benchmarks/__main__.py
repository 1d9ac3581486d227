"""Prints every figure of the benchmarks, or of the parts that are named.

``make bench`` or ``python -m benchmarks``; ``python -m benchmarks scoring`` for a part.
"""

from __future__ import annotations

import subprocess
import sys

import click

from benchmarks import as_of_join, automl, drift, profile, scoring, windows

PARTS = {
    "windows": windows,
    "as_of_join": as_of_join,
    "profile": profile,
    "drift": drift,
    "scoring": scoring,
    "flaml": automl,
}


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)))
def main(parts: tuple[str, ...]) -> None:
    """Measure and print the parts, by default all of them.

    Ends with status 1 if two results differ, or there is no lake.
    """
    all_equal = True
    for name, part in PARTS.items():
        if name in parts or not parts:
            try:
                all_equal = part.compare() and all_equal
            except subprocess.CalledProcessError as error:
                sys.exit(error.returncode)  # what failed has said why
    sys.exit(0 if all_equal else 1)


if __name__ == "__main__":
    main()
