from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import islice
from statistics import mean, median
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from python_ml import tuning
from python_ml.declaration import PARAMETERS
from python_ml.problem import Problem
from python_ml.scoring import Scores
from python_ml.tuning import SPACE, Fold, Trial, fold_bounds, mean_loss, search

PROBLEM = Problem.from_declaration(
    {
        "name": "late",
        "task": "binary",
        "label": "l",
        "prediction_time": "t",
        "label_known": "k",
        "entity": ["key"],
        "first_cutoff": "2013-07-01",
        "parameters": {"max_bin": 63},
    }
)
REGRESSION = replace(PROBLEM, task="regression", metric="pinball")
JULY, AUGUST, SEPTEMBER = (datetime(2013, month, 1) for month in (7, 8, 9))
NOTHING = pa.table({"label": pa.array([], pa.int32())})
FOLDS = [Fold(c, c, NOTHING, NOTHING, NOTHING) for c in (JULY, AUGUST, SEPTEMBER)]


@pytest.mark.parametrize(
    ("until", "folds"),
    [
        (AUGUST.replace(day=31), [(JULY, AUGUST)]),
        (SEPTEMBER, [(JULY, AUGUST), (AUGUST, SEPTEMBER)]),
        (AUGUST.replace(year=2012), []),
        (JULY, []),
        (datetime.min, []),
    ],
)
def test_a_fold_ends_at_the_next_cutoff_and_not_after_the_instant(
    until: datetime, folds: list[tuple[datetime, datetime]]
) -> None:
    assert fold_bounds(PROBLEM, until) == folds


def test_the_last_cutoff_has_a_fold_though_no_cutoff_follows() -> None:
    problem = replace(PROBLEM, last_cutoff=JULY.date())
    assert fold_bounds(problem, SEPTEMBER) == [(JULY, AUGUST)]


def test_cutoffs_some_months_apart_have_folds_as_long() -> None:
    problem = replace(PROBLEM, cutoff_months=2)
    assert fold_bounds(problem, SEPTEMBER) == [(JULY, SEPTEMBER)]


def vector(*numbers: float) -> Any:
    return np.array(numbers)


@pytest.mark.parametrize(
    ("problem", "loss"),
    [
        (PROBLEM, -(np.log(0.8) + np.log(0.6)) / 2),
        (replace(PROBLEM, metric="brier"), (0.2**2 + 0.4**2) / 2),
    ],
)
def test_the_loss_of_probabilities(problem: Problem, loss: float) -> None:
    scores = Scores(vector(0.8, 0.4), vector(0, 0))
    assert mean_loss(problem, vector(1, 0), scores) == pytest.approx(loss)


@pytest.mark.parametrize(
    ("problem", "loss"),
    [
        # Of 10 and 0: median 4 and 2, lower 0 and 1 (share 0.1), upper 8 and 3 (0.9).
        (REGRESSION, ((3 + 1) / 2 + (1 + 0.9) / 2 + (1.8 + 0.3) / 2) / 3),
        (replace(REGRESSION, metric="absolute_error"), (6 + 2) / 2),
    ],
)
def test_the_loss_of_intervals(problem: Problem, loss: float) -> None:
    median_ = vector(4, 2)
    scores = Scores(median_, median_, lower=vector(0, 1), upper=vector(8, 3))
    assert mean_loss(problem, vector(10, 0), scores) == pytest.approx(loss)


def test_one_class_and_a_sure_probability_have_a_loss() -> None:
    scores = Scores(vector(1.0, 0.0), vector(0, 0))
    assert 0 < mean_loss(PROBLEM, vector(0, 0), scores) < 40


def test_all_that_is_searched_may_be_declared() -> None:
    for name, searched in SPACE.items():
        _, smallest, largest = PARAMETERS[name]
        assert smallest <= searched.low <= searched.high <= largest, name


def searched(
    monkeypatch: pytest.MonkeyPatch, earlier: list[Trial], number: int
) -> list[Trial]:
    """Search where the loss is the learning rate, and each month worse by one."""

    def value(candidate: Problem, features: object, fold: Fold) -> float:
        assert features == ("x",)
        return float(candidate.parameters["learning_rate"]) + fold.cutoff.month

    monkeypatch.setattr(tuning, "_value", value)
    return list(islice(search(PROBLEM, ("x",), FOLDS, earlier), number))


def test_the_declared_parameters_are_tried_first_and_exactly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = searched(monkeypatch, [], 2)
    assert first.parameters == PROBLEM.parameters
    assert first.fold_values == pytest.approx((7.1, 8.1, 9.1))
    assert first.value == pytest.approx(8.1)
    assert second.parameters.keys() == {*PROBLEM.parameters, *SPACE}
    assert second.parameters["max_bin"] == 63
    assert second.parameters["bagging_freq"] == 1


def test_what_is_tried_lies_in_the_space_and_is_short_to_write(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for trial in searched(monkeypatch, [], 30)[1:]:
        for name, allowed in SPACE.items():
            value = trial.parameters[name]
            assert allowed.low <= value <= allowed.high
            assert value == (int(value) if name.startswith(("num", "min_d")) else value)
            assert len(str(value)) <= 7


def test_the_same_seed_gives_the_same_parameters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, again = (
        [trial.parameters for trial in searched(monkeypatch, [], 14)] for _ in range(2)
    )
    assert first == again


def test_a_search_goes_on_after_earlier_trials_and_repeats_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trials: list[Trial] = []
    for _ in range(6):
        trials += searched(monkeypatch, trials, 2)
    tried = [tuple(sorted(trial.parameters.items())) for trial in trials]
    assert len(set(tried)) == 12


def test_the_search_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = [
        trial.parameters["learning_rate"] for trial in searched(monkeypatch, [], 40)
    ]
    assert mean(rates[-15:]) < mean(rates[1:11]) / 2


def test_a_trial_is_given_up_where_half_of_the_full_ones_went_better(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trials = searched(monkeypatch, [], 30)
    assert not any(trial.is_pruned for trial in trials[:5])
    for number, trial in enumerate(trials[5:], start=5):
        full = [other for other in trials[:number] if not other.is_pruned]
        is_worse = trial.fold_values[0] > median(t.fold_values[0] for t in full)
        assert trial.is_pruned == is_worse
        assert len(trial.fold_values) == (1 if is_worse else 3)
    assert {trial.is_pruned for trial in trials[5:]} == {True, False}


@pytest.mark.parametrize(("full_trials", "is_pruned"), [(4, False), (5, True)])
def test_no_trial_is_given_up_while_there_are_few_to_compare_with(
    monkeypatch: pytest.MonkeyPatch, full_trials: int, is_pruned: bool
) -> None:
    better = Trial(PROBLEM.parameters, (0, 0, 0), is_pruned=False, seconds=1)
    (trial,) = searched(monkeypatch, [better] * full_trials, 1)
    assert trial.is_pruned is is_pruned
