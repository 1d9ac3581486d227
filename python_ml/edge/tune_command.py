"""The command ``goldleaf tune``."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import click
import duckdb

from python_ml.edge.lake import LakeError, lake_folder

if TYPE_CHECKING:
    from python_ml.edge.tune import Progress, Study

_SECONDS = {"s": 1, "m": 60, "h": 3600}


class Duration(click.ParamType[int]):
    """A time such as ``90s``, ``10m`` or ``2h``, in seconds."""

    name = "duration"

    def convert(
        self,
        value: str | int,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> int:
        """Return the seconds; click also hands in what was converted before."""
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"([1-9][0-9]*)([smh])", value)
        if not found:
            self.fail(
                f"{value!r} is no duration: expected a whole number and s, m or h, "
                "such as 90s, 10m or 2h.",
                param,
                ctx,
            )
        return int(found[1]) * _SECONDS[found[2]]


@click.command()
@click.argument("problem")
@click.option(
    "--budget",
    type=Duration(),
    required=True,
    help="No trial begins later than this: 90s, 10m, 2h.",
)
@click.option(
    "--trials", type=click.IntRange(min=1), help="Try no more than this many now."
)
def tune(problem: str, budget: int, trials: int | None) -> None:
    """Search for better parameters of PROBLEM, and print them for its declaration.

    Tries the declared parameters first, then what Optuna proposes. Each trial trains a
    version for every cut-off before the problem's `tune_before` and measures it until
    the next cut-off; nothing known later is read. Every trial is a row of ml.trials,
    from which a search that was ended, by Ctrl-C or otherwise, goes on.
    """
    # LightGBM, Optuna and dbt take a second to import: the other commands do without.
    from python_ml.declaration import DeclarationError
    from python_ml.edge.tune import read_study
    from python_ml.edge.tune import tune as search
    from python_ml.tuning import TuningError

    try:
        study = read_study(lake_folder(), problem)
        cutoffs = ", ".join(f"{fold.cutoff:%Y-%m-%d}" for fold in study.folds)
        click.echo(
            f"{problem}: study {study.name}, folds of {cutoffs}, nothing known at or "
            f"after {study.problem.tune_before} is read; "
            f"{len(study.earlier)} trials so far",
            err=True,
        )
        progress = search(lake_folder(), study, budget, trials, _show)
    except (DeclarationError, LakeError, TuningError, duckdb.Error) as error:
        raise click.ClickException(str(error)) from error
    click.echo(_result(study, progress))


def _show(progress: Progress) -> None:
    number, best = len(progress.trials), progress.best
    trial = progress.trials[-1]
    value = f"{trial.value:.6f}"
    if trial.is_pruned:
        value = f"given up after {len(trial.fold_values)} folds at {value}"
    if best is not None:
        value += f", best {progress.trials[best].value:.6f} (trial {best + 1})"
    click.echo(f"trial {number}: {value}, {progress.seconds_left:.0f} s left", err=True)


def _result(study: Study, progress: Progress) -> str:
    """Return the best parameters as YAML, beside what the declared ones reach."""
    if progress.best is None:
        return "No trial has ended yet: give it more time."
    best = progress.trials[progress.best]
    declared = next(
        (
            f"{trial.value:.6f}"
            for trial in progress.trials
            if trial.parameters == study.problem.parameters
        ),
        "not tried yet",
    )
    lines = [
        f"# goldleaf tune {study.problem.name}: {study.problem.metric} "
        f"{best.value:.6f} over {len(study.folds)} folds before "
        f"{study.problem.tune_before}",
        f"# (declared: {declared}), trial {progress.best + 1} of "
        f"{len(progress.trials)} in study {study.name} of ml.trials",
        "parameters:",
    ]
    lines += [
        f"  {name}: {json.dumps(value)}"
        for name, value in sorted(best.parameters.items())
    ]
    return "\n".join(lines)
