"""Prints the project's point-in-time macros beside their peers: ``make bench``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import Contender, different_rows

FOLDER = Path("target/benchmarks")
FEAST_PYTHON = Path(".venv-feast/bin/python")
RUNS = 3
ENOUGH_SECONDS = 120  # a slow contender is not run again after so long

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
TABLES = (
    ("Nine windows", "1x", WINDOWS),
    ("Nine windows", "10x", WINDOWS),
    ("As-of join of five tables", "1x", AS_OF_JOIN),
    ("As-of join of five tables", "10x", AS_OF_JOIN),
    ("As-of join of five tables", "4000", AS_OF_JOIN_FEAST),
    ("As-of join of five tables", "16000", AS_OF_JOIN_FEAST),
)
HEADER = ("contender", "runs", "seconds", "relative", "peak MB", "equal")


def main() -> int:
    """Measure every table and print it; return 1 if two results differ."""
    say("writing the inputs")
    inputs = subprocess.run(
        [sys.executable, "-m", "benchmarks.inputs", FOLDER],
        stdout=subprocess.PIPE,
        check=False,
    )
    if inputs.returncode:
        return inputs.returncode
    counts = json.loads(inputs.stdout)
    all_equal = True
    for title, size, modules in TABLES:
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
    return 0 if all_equal else 1


def measure(contenders: list[Contender], folder: Path) -> None:
    """Run the contenders in turns, so that a busy moment does not hit only one."""
    for turn in range(1, RUNS + 1):
        for contender in contenders:
            if sum(contender.seconds) < ENOUGH_SECONDS:
                say(f"{folder.name}: {contender.name}, run {turn} of {RUNS}")
                contender.run(folder)


def table(contenders: list[Contender], folder: Path) -> tuple[list[list[str]], bool]:
    """Return the rows to print, and whether all results equal that of the first."""
    rows = [list(HEADER)]
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


def aligned(rows: list[list[str]]) -> str:
    """Return rows as text: names to the left, figures to the right."""
    name = max(len(row[0]) for row in rows)
    lines = []
    for row in rows:
        figures = "".join(f"{cell:>10}" for cell in row[1:])
        lines.append(
            f"{row[0]:<{name}}" + (f"  {row[1]}" if len(row) == 2 else figures)
        )
    return "\n".join(lines)


def say(progress: str) -> None:
    """Tell who waits what is going on."""
    print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
