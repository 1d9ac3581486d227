"""The part ``flaml``: our versions beside FLAML's, with twenty times the fit time."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from benchmarks.measure import FOLDER, Contender, output_of
from benchmarks.printing import aligned, say

if TYPE_CHECKING:
    from pathlib import Path

TIMES = 20
"""FLAML's time, in fit times of ours."""

FIT = "{module}.json"
"""A contender writes beside its inputs how long it fitted, and what it found."""

MODULES = {"Goldleaf": "goldleaf", "FLAML": "flaml_automl"}
"""In this order: the first one's fit time is measured for the second."""

HEADER = ["cut-off", "fit s", "peak MB", "ROC AUC", "avg. prec.", "log loss"]
TIMEOUT_SECONDS = 7200


def compare() -> bool:
    """Fit every cut-off both ways, in turns, and print what the month after shows.

    Returns:
        Whether every fit could be measured.

    """
    folder = FOLDER / "automl"
    say("writing the examples of each cut-off")
    cutoffs = output_of("benchmarks.automl.inputs", folder)
    results: dict[str, list[Path]] = {name: [] for name in MODULES}
    rows = [HEADER]
    for cutoff in cutoffs:
        for name, module in MODULES.items():
            say(f"{cutoff}: {name}")
            contender = Contender(
                f"{date.fromisoformat(cutoff):%-d %B}, {name}",
                f"benchmarks.automl.{module}",
                timeout_seconds=TIMEOUT_SECONDS,
            )
            contender.run(folder / cutoff)
            rows.append(measured(contender, folder / cutoff, FIT.format(module=module)))
            if not contender.failure:
                results[name].append(contender.result(folder / cutoff))
    for name, files in results.items():
        if len(files) == len(cutoffs):
            rows.append([f"together, {name}", "", "", *figures(files)])
    print(
        f"\narrival_delay on the month after each cut-off, FLAML with {TIMES} times "
        f"the fit time\n{aligned(rows)}",
        flush=True,
    )
    return all(len(files) == len(cutoffs) for files in results.values())


def measured(contender: Contender, inputs: Path, fit_file: str) -> list[str]:
    """Return the row to print of a contender that ran."""
    if contender.failure:
        return [contender.name, contender.failure]
    fit = json.loads((inputs / fit_file).read_text())
    return [
        f"{contender.name}: {fit['found']}",
        f"{fit['seconds']:.1f}",
        f"{contender.megabytes[0]:,.0f}",
        *figures([contender.result(inputs)]),
    ]


def figures(results: list[Path]) -> list[str]:
    """Return ROC AUC, average precision and log loss of results taken together."""
    values = output_of("benchmarks.automl.metrics", *results)
    return [f"{value:.4f}" for value in values]
