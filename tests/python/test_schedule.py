from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from python_ml.problem import Problem
from python_ml.schedule import Attempt, DueVersion, Recipe, due_versions

JULY, AUGUST = datetime(2013, 7, 1), datetime(2013, 8, 1)
CLOCK = datetime(2013, 8, 20)


def problem(**changes: Any) -> Problem:
    return Problem.from_declaration(
        {
            "name": "p",
            "task": "binary",
            "label": "l",
            "prediction_time": "t",
            "label_known": "k",
            "entity": ["e"],
            "first_cutoff": "2013-07-01",
            **changes,
        }
    )


def recipe(
    code: str = "c", features: tuple[str, ...] = ("f",), **changes: Any
) -> Recipe:
    return Recipe(problem(**changes).to_json(), features, code)


def due(trained: list[Attempt], now: Recipe) -> list[DueVersion]:
    return due_versions(problem(), CLOCK, now, trained)


def test_a_fresh_lake_trains_every_cutoff_that_is_due() -> None:
    assert due([], recipe()) == [
        DueVersion(JULY, 1, JULY, "cut-off due"),
        DueVersion(AUGUST, 1, AUGUST, "cut-off due"),
    ]


def test_before_the_first_cutoff_nothing_is_due() -> None:
    assert due_versions(problem(), datetime(2013, 6, 30, 23), recipe(), []) == []


def test_a_cutoff_is_trained_when_it_is_missing() -> None:
    trained = [Attempt(JULY, 1, recipe())]
    assert due(trained, recipe()) == [DueVersion(AUGUST, 1, AUGUST, "cut-off due")]
    assert due([*trained, Attempt(AUGUST, 1, recipe())], recipe()) == []


@pytest.mark.parametrize(
    ("now", "because"),
    [
        (recipe(seed=7), "declaration changed: seed"),
        (recipe(code="d"), "training code changed"),
        (recipe(features=("f", "g")), "features changed"),
        (
            recipe("d", parameters={"num_leaves": 7}),
            "declaration changed: parameters; training code changed",
        ),
    ],
)
def test_a_change_trains_the_latest_cutoff_once_more(now: Recipe, because: str) -> None:
    trained = [Attempt(JULY, 1, recipe()), Attempt(AUGUST, 1, recipe())]
    assert due(trained, now) == [DueVersion(AUGUST, 2, CLOCK, because)]
    assert due([*trained, Attempt(AUGUST, 2, now)], now) == []


def test_a_change_back_is_a_change() -> None:
    changed = recipe(seed=7)
    trained = [
        Attempt(JULY, 1, recipe()),
        Attempt(AUGUST, 2, changed),
        Attempt(AUGUST, 1, recipe()),
    ]
    (version,) = due(trained, recipe())
    assert version.attempt == 3


def test_history_is_not_made_anew() -> None:
    trained = [Attempt(JULY, 1, recipe(seed=7)), Attempt(AUGUST, 1, recipe())]
    assert due(trained, recipe()) == []


def test_a_new_cutoff_is_trained_with_the_new_recipe_and_only_that() -> None:
    trained = [Attempt(JULY, 1, recipe())]
    assert [version.cutoff for version in due(trained, recipe(seed=7))] == [AUGUST]


def test_words_and_bounds_train_nothing() -> None:
    trained = [Attempt(JULY, 1, recipe()), Attempt(AUGUST, 1, recipe())]
    now = recipe(label="other words", gates={"calibrated": 0.1}, groups=["g"])
    assert due(trained, now) == []


FAIR: dict[str, Any] = {"groups": ["carrier"], "reweigh": "carrier"}
WITHOUT = {**FAIR, "reweigh": None}


def due_fairly(trained: list[Attempt], now: Recipe) -> list[DueVersion]:
    return due_versions(problem(**FAIR), CLOCK, now, trained)


def test_a_version_with_weights_comes_after_one_without() -> None:
    assert due_fairly([], recipe(**FAIR)) == [
        DueVersion(JULY, 1, JULY, "cut-off due"),
        DueVersion(JULY, 2, JULY, "cut-off due", "carrier"),
        DueVersion(AUGUST, 1, AUGUST, "cut-off due"),
        DueVersion(AUGUST, 2, AUGUST, "cut-off due", "carrier"),
    ]
    trained = [
        Attempt(month, number, recipe(**declared))
        for month in (JULY, AUGUST)
        for number, declared in ((1, WITHOUT), (2, FAIR))
    ]
    assert due_fairly(trained, recipe(**FAIR)) == []


def test_switched_on_there_is_a_version_without_already() -> None:
    trained = [Attempt(JULY, 1, recipe()), Attempt(AUGUST, 1, recipe())]
    assert due_fairly(trained, recipe(**FAIR)) == [
        DueVersion(AUGUST, 2, CLOCK, "declaration changed: reweigh", "carrier")
    ]


def test_with_another_change_both_are_trained() -> None:
    trained = [Attempt(JULY, 1, recipe()), Attempt(AUGUST, 1, recipe())]
    assert due_fairly(trained, recipe("d", **FAIR)) == [
        DueVersion(AUGUST, 2, CLOCK, "training code changed"),
        DueVersion(
            AUGUST,
            3,
            CLOCK,
            "declaration changed: reweigh; training code changed",
            "carrier",
        ),
    ]


def test_switched_off_a_version_without_is_trained() -> None:
    trained = [
        Attempt(JULY, 1, recipe()),
        Attempt(AUGUST, 1, recipe(**WITHOUT)),
        Attempt(AUGUST, 2, recipe(**FAIR)),
    ]
    assert due(trained, recipe()) == [
        DueVersion(AUGUST, 3, CLOCK, "declaration changed: reweigh")
    ]
