"""The part ``scoring``: ten million rows with a stored version, in bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import FOLDER, Contender, measure, output_of
from benchmarks.printing import aligned, say

if TYPE_CHECKING:
    from pathlib import Path

ROWS, FEWER_ROWS = 10_000_000, 1_000_000
HEADER = ["contender", "rows", "runs", "seconds", "rows/s", "peak MB", "equal"]
TIMEOUT_SECONDS = 3600


def compare() -> bool:
    """Measure and print; return whether the scores of the common rows are equal."""
    folder = FOLDER / "scoring"
    say("writing the rows to score")
    version = output_of("benchmarks.scoring.inputs", folder, str(ROWS), str(FEWER_ROWS))
    fewer, pandas, goldleaf = (
        Contender(name, f"benchmarks.scoring.{module}", timeout_seconds=TIMEOUT_SECONDS)
        for name, module in (
            ("Goldleaf, in batches", "goldleaf"),
            ("pandas, all at once", "pandas_at_once"),
            ("Goldleaf, in batches", "goldleaf"),
        )
    )
    measure([fewer, pandas], folder / str(FEWER_ROWS))
    measure([goldleaf], folder / str(ROWS))
    rows, all_equal = [HEADER], not fewer.failure
    for contender, count in (
        (goldleaf, ROWS),
        (fewer, FEWER_ROWS),
        (pandas, FEWER_ROWS),
    ):
        if contender.failure or fewer.failure:
            rows.append([contender.name, contender.failure or "nothing to compare to"])
            continue
        common = fewer.result(folder / str(FEWER_ROWS))
        figures, is_equal = measured(contender, count, folder / str(count), common)
        rows.append(figures)
        all_equal = all_equal and is_equal
    print(f"\nScoring with {version}\n{aligned(rows)}", flush=True)
    return all_equal


def measured(
    contender: Contender, count: int, inputs: Path, common: Path
) -> tuple[list[str], bool]:
    """Return a row to print, and whether the scores are those of the common rows."""
    is_equal = output_of(
        "benchmarks.scoring.same_scores", common, contender.result(inputs), str(count)
    )
    seconds = contender.median_seconds
    return [
        contender.name,
        f"{count:,}",
        str(len(contender.seconds)),
        f"{seconds:.1f}",
        f"{count / seconds:,.0f}",
        f"{max(contender.megabytes):,.0f}",
        "yes" if is_equal else "no",
    ], is_equal
