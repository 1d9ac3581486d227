"""What the benchmarks say: tables of figures, and progress to who waits."""

from __future__ import annotations

import sys


def aligned(rows: list[list[str]]) -> str:
    """Return rows as text: names to the left, figures to the right."""
    name = max(len(row[0]) for row in rows)
    lines = []
    for row in rows:
        figures = "".join(f"{cell:>12}" for cell in row[1:])
        lines.append(
            f"{row[0]:<{name}}" + (f"  {row[1]}" if len(row) == 2 else figures)
        )
    return "\n".join(lines)


def say(progress: str) -> None:
    """Tell who waits what is going on."""
    print(progress, file=sys.stderr, flush=True)
