"""Searches for better parameters on walk-forward folds that end before a date."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from statistics import mean, median
from typing import TYPE_CHECKING, Any

import numpy as np
import optuna
from optuna.distributions import FloatDistribution, IntDistribution
from optuna.trial import TrialState
from sklearn.metrics import (
    log_loss,
    mean_absolute_error,
    mean_pinball_loss,
    mean_squared_error,
)

from python_ml.scoring import Scorer
from python_ml.training import THREADS, NotTrainableError, train_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    import pyarrow as pa

    from python_ml.problem import Problem
    from python_ml.scoring import Scores, Vector

optuna.logging.set_verbosity(optuna.logging.WARNING)

SPACE: Mapping[str, FloatDistribution | IntDistribution] = {
    "learning_rate": FloatDistribution(0.03, 0.3, log=True),
    "num_leaves": IntDistribution(7, 40, log=True),
    "min_data_in_leaf": IntDistribution(20, 2000, log=True),
    "feature_fraction": FloatDistribution(0.2, 1),
    "bagging_fraction": FloatDistribution(0.4, 1),
    "bagging_freq": IntDistribution(1, 1),
    "lambda_l2": FloatDistribution(0.001, 100, log=True),
    "min_gain_to_split": FloatDistribution(0.001, 10, log=True),
}
"""What is searched, from where to where; all other parameters stay as declared.

Training, scoring and explaining cost as much as a version has leaves: the declared
``max_iterations`` bounds their number, the space how many a tree may have.
"""

_LIGHTGBM_DEFAULTS: Mapping[str, float] = {
    "feature_fraction": 1,
    "bagging_fraction": 1,
    "bagging_freq": 0,
    "lambda_l2": 0,
    "min_gain_to_split": 0,
}
_DIGITS = 3
_TRIALS_BEFORE_PRUNING = 5


class TuningError(ValueError):
    """The problem cannot be tuned; the message says why and what to do."""


@dataclass(frozen=True)
class Fold:
    """A cut-off, what its version may see, and the examples that measure it.

    Attributes:
        cutoff: the version sees nothing known at or after this instant.
        calibrator_check_from: see :func:`python_ml.training.train_version`.
        fit: labelled examples of the fit stretch.
        calibration: labelled examples of the calibration stretch.
        measured: labelled examples from the cut-off to the next one.

    """

    cutoff: datetime
    calibrator_check_from: datetime
    fit: pa.Table
    calibration: pa.Table
    measured: pa.Table


@dataclass(frozen=True)
class Trial:
    """Parameters and what came of them.

    Attributes:
        parameters: all that were given to LightGBM, as they can be declared.
        fold_values: the problem's metric on each fold, in order; lower is better.
        is_pruned: given up before the last fold.
        seconds: it took.

    """

    parameters: Mapping[str, Any]
    fold_values: tuple[float, ...]
    is_pruned: bool
    seconds: float

    @property
    def value(self) -> float:
        """Mean over its folds: of a pruned trial, over those before it was given up."""
        return mean(self.fold_values)


def fold_bounds(problem: Problem, until: datetime) -> list[tuple[datetime, datetime]]:
    """Return each cut-off whose next cut-off is not after an instant, with that one."""
    cutoffs = replace(problem, last_cutoff=None).due_cutoffs(until)
    last = problem.last_cutoff or date.max
    return [(begin, end) for begin, end in pairwise(cutoffs) if begin.date() <= last]


def search(
    problem: Problem,
    features: Sequence[str],
    folds: Sequence[Fold],
    earlier: Sequence[Trial],
) -> Iterator[Trial]:
    """Try parameters without end: the declared ones, then what Optuna proposes.

    The same seed, folds and earlier trials give the same parameters in the same order.
    Source of the sampler: Bergstra and others, Algorithms for hyper-parameter
    optimization (2011), as Optuna implements it.

    Args:
        problem: the declaration.
        features: columns of the folds that the model may read.
        folds: at least one, in the order of time.
        earlier: trials on the same folds, from which the search goes on.

    Yields:
        Each trial when it has ended.

    Raises:
        TuningError: when a fold cannot train a version.

    """
    # A resumed search with the first one's seed would draw the first one's trials.
    seed = problem.seed + len(earlier)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    trials = list(earlier)
    if all(trial.parameters != problem.parameters for trial in earlier):
        trials.append(_try(problem, features, folds, others=[]))
        yield trials[-1]
    study.add_trials([_as_of_optuna(trial) for trial in trials])
    while True:
        asked = study.ask(dict(SPACE))
        found = {name: _rounded(value) for name, value in asked.params.items()}
        candidate = replace(problem, parameters={**problem.parameters, **found})
        trial = _try(candidate, features, folds, others=trials)
        if trial.is_pruned:
            asked.report(trial.value, len(trial.fold_values))
            study.tell(asked, state=TrialState.PRUNED)
        else:
            study.tell(asked, trial.value)
        trials.append(trial)
        yield trial


def mean_loss(problem: Problem, label: Vector, scores: Scores) -> float:
    """Return the metric by which versions are compared, as `loss` in SQL has it.

    Intervals are measured as the boosters give them, without the offset of later days.

    Args:
        problem: the declaration.
        label: shape (n,).
        scores: of the same n examples.

    """
    match problem.metric:
        case "log_loss":
            loss = log_loss(label, scores.prediction, labels=[0, 1])
        case "brier":
            loss = mean_squared_error(label, scores.prediction)
        case "absolute_error":
            loss = mean_absolute_error(label, scores.prediction)
        case _:
            said = {
                "median": scores.prediction,
                "lower": scores.lower,
                "upper": scores.upper,
            }
            loss = mean(
                mean_pinball_loss(label, said[name], alpha=share)
                for name, share in problem.quantiles().items()
            )
    return float(loss)


def _try(
    candidate: Problem,
    features: Sequence[str],
    folds: Sequence[Fold],
    others: Sequence[Trial],
) -> Trial:
    started = time.monotonic()
    values: list[float] = []
    for fold in folds:
        values.append(_value(candidate, features, fold))
        if len(values) < len(folds) and _is_hopeless(values, others):
            break
    return Trial(
        candidate.parameters,
        tuple(values),
        is_pruned=len(values) < len(folds),
        seconds=time.monotonic() - started,
    )


def _value(candidate: Problem, features: Sequence[str], fold: Fold) -> float:
    try:
        version = train_version(
            candidate,
            features,
            fold.fit,
            fold.calibration,
            fold.calibrator_check_from,
            THREADS,
        )
    except NotTrainableError as error:
        raise TuningError(
            f"{candidate.name}: the fold of {fold.cutoff:%Y-%m-%d} trains no version, "
            f"{error}. Land earlier months, or declare a later first_cutoff."
        ) from error
    scores = Scorer(version.artifact, THREADS).score(fold.measured)
    label = fold.measured["label"].to_numpy().astype(np.float64)
    return mean_loss(candidate, label, scores)


def _is_hopeless(values: Sequence[float], others: Sequence[Trial]) -> bool:
    """Whether the folds so far went worse than they did for half of the full trials.

    Optuna's own median rule compares a trial's best fold; but months differ by more
    than parameters do.
    """
    full = [trial.fold_values for trial in others if not trial.is_pruned]
    return len(full) >= _TRIALS_BEFORE_PRUNING and mean(values) > median(
        mean(other[: len(values)]) for other in full
    )


def _rounded(value: float) -> float:
    """Return a number that is fit for a declaration; the space's ends have 3 digits.

    >>> _rounded(0.0123456), _rounded(1234)
    (0.0123, 1234)

    """
    return value if isinstance(value, int) else float(f"{value:.{_DIGITS}g}")


def _as_of_optuna(trial: Trial) -> optuna.trial.FrozenTrial:
    """Return the trial at the nearest place of the space."""
    places = {}
    for name, allowed in SPACE.items():
        value = trial.parameters.get(name, _LIGHTGBM_DEFAULTS.get(name))
        places[name] = min(max(value, allowed.low), allowed.high)
    given_up = len(trial.fold_values)
    return optuna.trial.create_trial(
        state=TrialState.PRUNED if trial.is_pruned else TrialState.COMPLETE,
        value=trial.value,
        params=places,
        distributions=dict(SPACE),
        intermediate_values={given_up: trial.value} if trial.is_pruned else {},
    )
