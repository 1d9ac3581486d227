"""Measures contenders table by table, and prints each table."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import (
    FOLDER,
    Contender,
    different_rows,
    measure,
    output_of,
)
from benchmarks.printing import aligned, say

if TYPE_CHECKING:
    from collections.abc import Sequence

Table = tuple[str, str, dict[str, str]]
"""Its title, the size of its inputs, and the module of each contender by name.

The others are compared to the first.
"""

PYTHONS = {peer: Path(f".venv-{peer}/bin/python") for peer in ("feast", "evidently")}
"""The interpreters of the peers that have an environment of their own."""

HEADER = ["contender", "runs", "seconds", "relative", "peak MB", "equal"]


def compare(inputs: str, tables: Sequence[Table]) -> bool:
    """Measure tables and print them; return whether all results are equal.

    Args:
        inputs: module that writes what the contenders read.
        tables: to measure and print.

    """
    say("writing the inputs")
    sizes = sorted({size for _, size, _ in tables})
    counts = output_of(inputs, FOLDER, *sizes)
    all_equal = True
    for title, size, modules in tables:
        contenders = [
            Contender(name, f"benchmarks.{module}", python_of(module))
            for name, module in modules.items()
        ]
        measure(contenders, FOLDER / size)
        rows, equal = table(contenders, FOLDER / size)
        all_equal = all_equal and equal
        print(f"\n{title}, {counts[size]:,} rows\n{aligned(rows)}", flush=True)
    return all_equal


def python_of(module: str) -> Path:
    """Return the interpreter that runs a contender."""
    own = (python for peer, python in PYTHONS.items() if peer in module)
    return next(own, Path(sys.executable))


def table(contenders: list[Contender], folder: Path) -> tuple[list[list[str]], bool]:
    """Return the rows to print, and whether all results equal that of the first."""
    rows = [HEADER]
    goldleaf = contenders[0]
    all_equal = not goldleaf.failure
    for contender in contenders:
        if contender.failure or goldleaf.failure:
            rows.append([contender.name, contender.failure or "nothing to compare to"])
            continue
        equal = different_rows(goldleaf.result(folder), contender.result(folder)) == 0
        all_equal = all_equal and equal
        rows.append(
            [
                contender.name,
                str(len(contender.seconds)),
                f"{contender.median_seconds:.2f}",
                f"{contender.median_seconds / goldleaf.median_seconds:.2f}",
                f"{max(contender.megabytes):,.0f}",
                "yes" if equal else "no",
            ]
        )
    return rows, all_equal
