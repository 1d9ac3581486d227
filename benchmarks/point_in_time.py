"""The parts ``windows`` and ``as_of_join``: the project's macros beside their peers."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.measure import (
    FOLDER,
    Contender,
    different_rows,
    measure,
    output_of,
)
from benchmarks.printing import aligned, say

FEAST_PYTHON = Path(".venv-feast/bin/python")

WINDOWS = {
    "Goldleaf": "windows.goldleaf",
    "DuckDB, prefix sums by hand": "windows.duckdb_prefix_sums",
    "DuckDB, range window": "windows.duckdb_range_window",
    "pandas, groupby rolling": "windows.pandas_rolling",
    "polars, rolling_sum_by": "windows.polars_rolling",
    "polars, join_asof": "windows.polars_join_asof",
}
AS_OF_JOIN = {
    "Goldleaf": "as_of_join.goldleaf",
    "pandas, merge_asof": "as_of_join.pandas_merge_asof",
    "polars, join_asof": "as_of_join.polars_join_asof",
}
AS_OF_JOIN_FEAST = {
    "Goldleaf": "as_of_join.goldleaf",
    "Feast, DuckDB store": "as_of_join.feast_duckdb",
}
TABLES = {
    "windows": (
        ("Nine windows", "1x", WINDOWS),
        ("Nine windows", "10x", WINDOWS),
    ),
    "as_of_join": (
        ("As-of join of five tables", "1x", AS_OF_JOIN),
        ("As-of join of five tables", "10x", AS_OF_JOIN),
        ("As-of join of five tables", "4000", AS_OF_JOIN_FEAST),
        ("As-of join of five tables", "16000", AS_OF_JOIN_FEAST),
    ),
}
"""By part: title, size of the inputs, contenders; the first is compared to."""

HEADER = ["contender", "runs", "seconds", "relative", "peak MB", "equal"]


def compare(tables: list[tuple[str, str, dict[str, str]]]) -> bool:
    """Measure tables and print them; return whether all results are equal."""
    if not tables:
        return True
    say("writing the inputs")
    sizes = sorted({size for _, size, _ in tables})
    counts = output_of("benchmarks.inputs", FOLDER, *sizes)
    all_equal = True
    for title, size, modules in tables:
        contenders = [
            Contender(
                name,
                f"benchmarks.{module}",
                FEAST_PYTHON if "feast" in module else Path(sys.executable),
            )
            for name, module in modules.items()
        ]
        measure(contenders, FOLDER / size)
        rows, equal = table(contenders, FOLDER / size)
        all_equal = all_equal and equal
        print(f"\n{title}, {counts[size]:,} rows\n{aligned(rows)}", flush=True)
    return all_equal


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
