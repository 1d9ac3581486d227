"""What `goldleaf tune` does: reads the folds, keeps every trial in ``ml.trials``."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, fields
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import duckdb

from python_ml.artifact import code_sha256, sha256_of
from python_ml.edge.lake import LakeError, attach_lake, connect, open_lake
from python_ml.edge.train import labelled_examples
from python_ml.problem import UNTRAINED, Problem
from python_ml.stretches import Stretches
from python_ml.tuning import SPACE, Fold, Trial, TuningError, fold_bounds, search

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

_KEEP = """
insert into lake.ml.trials by name
select
    $1 as problem, $2 as study, $3::bigint as trial, $4 as state, $5 as parameters,
    $6 as metric, $7::double as value, $8::timestamp[] as fold_cutoffs,
    $9::double[] as fold_values, $10::double as seconds, $11 as code_sha256
"""


@dataclass(frozen=True)
class Study:
    """Trials that can be compared: of one problem, on the same folds, by the same code.

    Attributes:
        name: hash of all that decides a trial beside the parameters that are searched.
        problem: the declaration, as the lake holds it.
        features: columns of the folds that the model may read.
        folds: in the order of time.
        code_sha256: hash of the code that trains.
        earlier: the trials that were kept before, in order.

    """

    name: str
    problem: Problem
    features: tuple[str, ...]
    folds: tuple[Fold, ...]
    code_sha256: str
    earlier: tuple[Trial, ...]


@dataclass(frozen=True)
class Progress:
    """Where a search stands: its trials so far, and the seconds that are left."""

    trials: Sequence[Trial]
    seconds_left: float

    @property
    def best(self) -> int | None:
        """Place of the best full trial; none while there is no full trial."""
        full = [n for n, trial in enumerate(self.trials) if not trial.is_pruned]
        return min(full, key=lambda n: self.trials[n].value, default=None)


def read_study(lake: Path, name: str) -> Study:
    """Read the folds of a problem and its earlier trials, and let go of the lake.

    No example with ``prediction_at``, and no label known, at or after the problem's
    ``tune_before`` is read.

    Raises:
        LakeError: when there is no lake, it lacks a table, or another process writes.
        TuningError: when the problem is unknown or not to be tuned, or has no fold.

    """
    code = code_sha256()
    with open_lake(lake) as connection:
        try:
            problem = _problem(connection, name)
            dataset = connection.table(f"ml.{name}_dataset")
            features = problem.features(dataset.columns)
            folds = _folds(connection, problem)
            study = _study_name(connection, problem, features, folds, code)
            earlier = _earlier(connection, name, study)
        except duckdb.CatalogException as error:
            raise LakeError(
                f"The lake lacks a table that tuning needs: run `dbt build`. ({error})"
            ) from error
    return Study(study, problem, features, folds, code, earlier)


def tune(
    lake: Path,
    study: Study,
    budget_seconds: float,
    most_trials: int | None,
    tell: Callable[[Progress], None],
) -> Progress:
    """Search until the time is over; each trial is a row of ``ml.trials`` when it ends.

    While a trial runs the lake is free for others. If another process uses it when a
    trial ends, the row is kept with the next one.

    Args:
        lake: the folder of the lake.
        study: what :func:`read_study` found; the search goes on after its trials.
        budget_seconds: no trial begins later than this.
        most_trials: no more are added; none for no limit.
        tell: called after each trial.

    Returns:
        How the search stands at the end, or when Ctrl-C ended it.

    Raises:
        LakeError: when the last rows cannot be kept.
        TuningError: when a fold cannot train a version.

    """
    ends_at = time.monotonic() + budget_seconds
    trials = list(study.earlier)
    first_of_run = kept = len(trials)

    def progress() -> Progress:
        return Progress(trials, max(0.0, ends_at - time.monotonic()))

    try:
        for trial in search(study.problem, study.features, study.folds, study.earlier):
            trials.append(trial)
            try:
                _keep(lake, study, trials, kept)
                kept = len(trials)
            except LakeError:
                pass  # tried again with the next one, and at the end
            tell(progress())
            is_enough = len(trials) - first_of_run == most_trials
            if is_enough or not progress().seconds_left:
                break
    except KeyboardInterrupt:
        pass  # the running trial is lost, as the user wished
    _keep(lake, study, trials, kept)
    return progress()


def _problem(lake: DuckDBPyConnection, name: str) -> Problem:
    found = lake.execute("from ml.problems").to_arrow_table().to_pylist()
    rows = {row["problem"]: row for row in found}
    if name not in rows:
        raise TuningError(
            f"There is no problem '{name}' in ml.problems: there are "
            f"{', '.join(sorted(rows))}."
        )
    values: dict[str, Any] = {**rows[name], "name": name}
    for key in ("entity", "baseline", "groups", "categorical"):
        values[key] = tuple(values[key])
    values["gates"] = {gate["check_name"]: gate["bound"] for gate in values["gates"]}
    values["parameters"] = json.loads(values["parameters"])
    known = {field.name for field in fields(Problem)}
    problem = Problem(**{key: values[key] for key in known & values.keys()})
    if problem.tune_before is None:
        raise TuningError(
            f"{name} declares no tune_before, the date from which on nothing is read "
            "when parameters are searched: declare it in its properties file, and run "
            "`dbt build --select problems`."
        )
    return problem


def _folds(lake: DuckDBPyConnection, problem: Problem) -> tuple[Fold, ...]:
    assert problem.tune_before is not None
    tune_before = datetime.combine(problem.tune_before, datetime.min.time())
    row = lake.execute("select max(clock_at) from gold.clock").fetchone()
    clock = row[0] if row else None
    until = min(clock or datetime.min, tune_before)
    bounds = fold_bounds(problem, until)
    if not bounds:
        raise TuningError(
            f"{problem.name} has no fold: none of its cut-offs, from "
            f"{problem.first_cutoff} on, is followed by another one up to tune_before "
            f"({problem.tune_before}) and the clock of the lake ({clock} UTC). Land "
            "more months, or declare an earlier first_cutoff."
        )
    return tuple(_fold(lake, problem, *bound, until) for bound in bounds)


def _fold(
    lake: DuckDBPyConnection,
    problem: Problem,
    cutoff: datetime,
    next_cutoff: datetime,
    until: datetime,
) -> Fold:
    stretches = Stretches.before(cutoff, problem)
    dataset = lake.table(f"ml.{problem.name}_dataset")
    fit, calibration, _, measured = labelled_examples(
        problem,
        dataset.filter(f"prediction_at < timestamp '{next_cutoff}'"),
        lake.table(f"ml.{problem.name}_labels"),
        [*stretches.ends(), until],
    )
    if measured.num_rows == 0:
        raise TuningError(
            f"{problem.name}: the fold of {cutoff:%Y-%m-%d} has no labelled example "
            f"before {next_cutoff:%Y-%m-%d} to measure it on."
        )
    return Fold(cutoff, stretches.calibrator_check_from, fit, calibration, measured)


def _study_name(
    lake: DuckDBPyConnection,
    problem: Problem,
    features: tuple[str, ...],
    folds: Sequence[Fold],
    code: str,
) -> str:
    declaration = json.loads(problem.to_json())
    decides = {
        key: value
        for key, value in declaration.items()
        if key == "metric" or key not in UNTRAINED
    }
    decides["parameters"] = {
        name: value
        for name, value in declaration["parameters"].items()
        if name not in SPACE
    }
    of_folds = [
        (
            str(fold.cutoff),
            [
                _content_hash(lake, examples)
                for examples in (fold.fit, fold.calibration, fold.measured)
            ],
        )
        for fold in folds
    ]
    learner = version("lightgbm")
    return sha256_of(json.dumps([decides, features, of_folds, code, learner]))[:16]


def _content_hash(lake: DuckDBPyConnection, examples: Any) -> tuple[Any, ...] | None:
    columns = ", ".join(examples.column_names)
    content = lake.from_arrow(examples)
    return content.aggregate(f"count(*), bit_xor(hash({columns}))").fetchone()


def _earlier(lake: DuckDBPyConnection, name: str, study: str) -> tuple[Trial, ...]:
    rows = lake.execute(
        "select parameters, fold_values, state = 'pruned', seconds from ml.trials"
        " where problem = $1 and study = $2 order by trial",
        [name, study],
    ).fetchall()
    return tuple(
        Trial(json.loads(parameters), tuple(values), is_pruned, seconds)
        for parameters, values, is_pruned, seconds in rows
    )


def _keep(lake: Path, study: Study, trials: Sequence[Trial], kept: int) -> None:
    """Write the trials after those that are kept already."""
    rows = [
        [
            study.problem.name,
            study.name,
            number,
            "pruned" if trial.is_pruned else "complete",
            json.dumps(trial.parameters, sort_keys=True),
            study.problem.metric,
            None if trial.is_pruned else trial.value,
            [fold.cutoff for fold in study.folds[: len(trial.fold_values)]],
            list(trial.fold_values),
            trial.seconds,
            study.code_sha256,
        ]
        for number, trial in enumerate(trials[kept:], start=kept + 1)
    ]
    if rows:
        with connect() as connection:
            attach_lake(connection, lake, "lake", "read_write")
            connection.executemany(_KEEP, rows)
