from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from python_ml.declaration import DeclarationError
from python_ml.problem import (
    DEFAULT_GATES,
    DEFAULT_PARAMETERS,
    Problem,
    changed_keys,
)

DECLARATION: dict[str, Any] = {
    "name": "late_arrival",
    "task": "binary",
    "label": "1 if it arrives late",
    "prediction_time": "two hours before departure",
    "label_known": "when it lands",
    "entity": ["flight_key"],
    "first_cutoff": "2013-11-01",
}


def declare(**changes: object) -> Problem:
    return Problem.from_declaration({**DECLARATION, **changes})


def test_a_short_declaration_has_the_defaults() -> None:
    assert declare() == Problem(
        name="late_arrival",
        task="binary",
        label="1 if it arrives late",
        prediction_time="two hours before departure",
        label_known="when it lands",
        entity=("flight_key",),
        first_cutoff=date(2013, 11, 1),
        metric="log_loss",
        gates=DEFAULT_GATES["binary"],
        parameters=DEFAULT_PARAMETERS,
    )


def test_a_regression_is_compared_by_pinball_loss_and_has_its_own_checks() -> None:
    problem = declare(task="regression", coverage=0.9)
    assert problem.metric == "pinball"
    assert "covers" in problem.gates
    assert "calibrated" not in problem.gates
    assert problem.quantiles() == pytest.approx(
        {"median": 0.5, "lower": 0.05, "upper": 0.95}
    )


def test_every_declared_value_is_taken() -> None:
    problem = declare(
        entity=["origin", "flight"],
        first_cutoff=date(2013, 6, 1),
        last_cutoff="2013-12-15",
        tune_before="2013-10-01",
        calibration_days=1,
        gate_days=2,
        categorical=["carrier"],
        seed=0,
    )
    assert problem.entity == ("origin", "flight")
    assert problem.first_cutoff == date(2013, 6, 1)
    assert problem.last_cutoff == date(2013, 12, 15)
    assert problem.tune_before == date(2013, 10, 1)
    assert (problem.calibration_days, problem.gate_days, problem.seed) == (1, 2, 0)
    assert problem.categorical == ("carrier",)


def test_declared_parameters_go_before_the_defaults() -> None:
    parameters = declare(parameters={"num_leaves": 7, "lambda_l2": 1.5}).parameters
    assert parameters == {**DEFAULT_PARAMETERS, "num_leaves": 7, "lambda_l2": 1.5}


def test_the_declaration_given_is_not_changed() -> None:
    declaration = {**DECLARATION, "parameters": {"num_leaves": 7}}
    Problem.from_declaration(declaration)
    assert declaration == {**DECLARATION, "parameters": {"num_leaves": 7}}


@pytest.mark.parametrize("declaration", [None, [], "late_arrival"])
def test_a_declaration_that_is_no_mapping_is_refused(declaration: Any) -> None:
    with pytest.raises(DeclarationError) as refusal:
        Problem.from_declaration(declaration)
    assert str(refusal.value).startswith(f"the declaration is {declaration!r}: ")


def test_an_unknown_key_is_refused_with_the_known_ones() -> None:
    with pytest.raises(DeclarationError) as refusal:
        declare(gate_day=3)
    known = ", ".join(sorted(entry.name for entry in fields(Problem)))
    assert str(refusal.value) == (
        f"unknown key 'gate_day' in the declaration: known are {known}"
    )


@pytest.mark.parametrize("key", list(DECLARATION))
def test_a_missing_key_is_refused(key: str) -> None:
    declaration = {k: value for k, value in DECLARATION.items() if k != key}
    with pytest.raises(DeclarationError) as refusal:
        Problem.from_declaration(declaration)
    assert str(refusal.value) == f"the declaration lacks the key {key!r}"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("task", "multiclass"),
        ("task", None),
        ("task", ["binary"]),
        ("label", ""),
        ("prediction_time", None),
        ("label_known", 3),
        ("metric", "pinball"),
        ("metric", None),
        ("groups", "carrier"),
        ("groups", ["carrier", "carrier"]),
        ("reweigh", ""),
        ("reweigh", ["carrier"]),
        ("reweigh", False),
        ("baseline", [""]),
        ("cutoff_months", 0),
        ("offset_days", 0),
        ("coverage", 0.0),
        ("coverage", 1),
        ("gates", None),
        ("gates", ["calibrated"]),
        ("entity", []),
        ("entity", "flight_key"),
        ("entity", None),
        ("categorical", "carrier"),
        ("categorical", [1]),
        ("categorical", {"carrier": 1}),
        ("first_cutoff", "soon"),
        ("first_cutoff", "2013-02-31"),
        ("first_cutoff", "2013-11-02"),
        ("first_cutoff", None),
        ("last_cutoff", "2013-11"),
        ("last_cutoff", "2013-10-31"),
        ("tune_before", "2013-11"),
        ("tune_before", False),
        ("calibration_days", 0),
        ("calibration_days", True),
        ("calibration_days", "21"),
        ("gate_days", 0),
        ("gate_days", -1),
        ("gate_days", 1.5),
        ("gate_days", None),
        ("seed", -1),
        ("seed", False),
        ("parameters", None),
        ("parameters", ["num_leaves"]),
    ],
)
def test_a_bad_value_is_refused_with_its_key(key: str, value: object) -> None:
    with pytest.raises(DeclarationError) as refusal:
        declare(**{key: value})
    assert str(refusal.value).startswith(f"{key} is {value!r}: expected ")


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("max_iterations", 0, "a whole number from 1 to 100000"),
        ("max_iterations", 1.0, "a whole number from 1 to 100000"),
        ("early_stopping_iterations", "10", "a whole number from 1 to 10000"),
        ("num_leaves", True, "a whole number from 2 to 131072"),
        ("learning_rate", 0, "a number from 1e-06 to 1"),
        ("learning_rate", float("nan"), "a number from 1e-06 to 1"),
        ("feature_fraction", 1.1, "a number from 0.01 to 1"),
        ("lambda_l2", None, "a number from 0 to 1e+06"),
        ("extra_trees", 1, "true or false"),
    ],
)
def test_a_parameter_out_of_its_range_is_refused(
    key: str, value: object, expected: str
) -> None:
    with pytest.raises(DeclarationError) as refusal:
        declare(parameters={key: value})
    assert str(refusal.value) == f"parameters.{key} is {value!r}: expected {expected}"


@pytest.mark.parametrize("value", [True, -0.1, "0.02", None, float("inf")])
def test_a_bound_that_is_none_is_refused(value: object) -> None:
    with pytest.raises(DeclarationError) as refusal:
        declare(gates={"calibrated": value})
    assert str(refusal.value) == (
        f"gates.calibrated is {value!r}: expected a bound, 0 or more, or false"
    )


def test_a_check_can_be_left_out_and_its_bound_moved() -> None:
    gates = declare(gates={"calibrated": False, "beats_baseline": 0}).gates
    assert "calibrated" not in gates
    assert gates["beats_baseline"] == 0
    assert gates["fairness_gap_below"] == DEFAULT_GATES["binary"]["fairness_gap_below"]


def test_a_check_of_another_task_is_refused() -> None:
    with pytest.raises(DeclarationError, match="unknown key 'covers' in gates"):
        declare(gates={"covers": 0.05})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"task": "regression", "coverage": 0.9, "last_cutoff": "2013-12-01"},
        {"gates": {"calibrated": False, "beats_baseline": 0.1}},
    ],
)
def test_a_declaration_is_read_again_from_its_row(changes: dict[str, Any]) -> None:
    problem = declare(**changes)
    assert Problem.from_json(problem.to_json()) == problem


def test_a_group_is_reweighed_only_if_it_is_declared() -> None:
    problem = declare(groups=["origin", "carrier"], reweigh="carrier")
    assert problem.reweigh == "carrier"
    assert Problem.from_json(problem.to_json()) == problem
    assert declare(reweigh=None).reweigh is None
    with pytest.raises(DeclarationError) as refusal:
        declare(groups=["origin", "carrier"], reweigh="destination")
    assert str(refusal.value) == (
        "reweigh is 'destination': expected one of groups (origin, carrier)"
    )
    with pytest.raises(DeclarationError, match=r"one of groups \(none is declared\)"):
        declare(reweigh="carrier")
    with pytest.raises(DeclarationError, match="has no column 'origin'; it has"):
        problem.features([*COLUMNS, "label_known_at"])


def test_a_regression_is_not_reweighed() -> None:
    with pytest.raises(DeclarationError) as refusal:
        declare(task="regression", groups=["carrier"], reweigh="carrier")
    assert str(refusal.value) == (
        "reweigh is 'carrier': expected nothing: only a binary problem is reweighed"
    )


def test_only_what_decides_a_version_counts_as_a_change() -> None:
    before = declare().to_json()
    told = declare(label="late", groups=["carrier"], gates={"calibrated": 0.1})
    assert changed_keys(before, told.to_json()) == []
    assert changed_keys(before, declare(tune_before="2013-11-01").to_json()) == []
    trained = declare(seed=1, parameters={"num_leaves": 7})
    assert changed_keys(before, trained.to_json()) == ["parameters", "seed"]
    fair = declare(groups=["carrier"], reweigh="carrier").to_json()
    assert changed_keys(before, fair) == ["reweigh"]
    undeclared = {key: v for key, v in json.loads(before).items() if key != "reweigh"}
    assert changed_keys(json.dumps(undeclared), before) == []  # written before the key


def test_a_single_cutoff_may_be_first_and_last() -> None:
    problem = declare(last_cutoff="2013-11-01")
    assert problem.due_cutoffs(datetime(2014, 6, 1)) == [datetime(2013, 11, 1)]


NOVEMBER, DECEMBER = datetime(2013, 11, 1), datetime(2013, 12, 1)
JANUARY, FEBRUARY = datetime(2014, 1, 1), datetime(2014, 2, 1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("clock", "due"),
    [
        (datetime(2013, 1, 1), []),
        (NOVEMBER - SECOND, []),
        (NOVEMBER, [NOVEMBER]),
        (DECEMBER - SECOND, [NOVEMBER]),
        (DECEMBER, [NOVEMBER, DECEMBER]),
        (JANUARY - SECOND, [NOVEMBER, DECEMBER]),
        (JANUARY, [NOVEMBER, DECEMBER, JANUARY]),
        (FEBRUARY + SECOND, [NOVEMBER, DECEMBER, JANUARY, FEBRUARY]),
    ],
)
def test_a_cutoff_is_due_from_its_midnight_on(
    clock: datetime, due: list[datetime]
) -> None:
    assert declare().due_cutoffs(clock) == due


@pytest.mark.parametrize(
    ("last_cutoff", "due"),
    [
        ("2013-11-30", [NOVEMBER]),
        ("2013-12-01", [NOVEMBER, DECEMBER]),
        ("2013-12-31", [NOVEMBER, DECEMBER]),
    ],
)
def test_no_cutoff_is_due_after_the_last(last_cutoff: str, due: list[datetime]) -> None:
    assert declare(last_cutoff=last_cutoff).due_cutoffs(FEBRUARY) == due


def test_the_key_is_the_entity_and_the_instant_of_prediction() -> None:
    assert declare(entity=["origin", "flight"]).key() == (
        "origin",
        "flight",
        "prediction_at",
    )


COLUMNS = ["distance", "flight_key", "label", "prediction_at", "carrier"]


def test_features_are_the_other_columns_in_the_order_of_the_dataset() -> None:
    problem = declare(categorical=["carrier"])
    columns = [*COLUMNS, "label_known_at", "age"]
    assert problem.features(columns) == ("distance", "carrier", "age")


@pytest.mark.parametrize(
    "missing", ["flight_key", "prediction_at", "label", "label_known_at", "carrier"]
)
def test_a_dataset_without_a_needed_column_is_refused(missing: str) -> None:
    columns = [c for c in [*COLUMNS, "label_known_at"] if c != missing]
    with pytest.raises(DeclarationError) as refusal:
        declare(categorical=["carrier"]).features(columns)
    assert str(refusal.value) == (
        f"late_arrival: the dataset has no column {missing!r}; it has "
        + ", ".join(columns)
    )


@pytest.mark.parametrize("column", ["flight_key", "label"])
def test_a_categorical_that_is_no_feature_is_refused(column: str) -> None:
    with pytest.raises(DeclarationError, match=column):
        declare(categorical=[column]).features([*COLUMNS, "label_known_at"])


@pytest.mark.parametrize("key", ["objective", "num_threads", "seed", "num_leafs"])
def test_parameters_that_the_task_decides_or_nobody_knows_are_refused(
    key: str,
) -> None:
    with pytest.raises(
        DeclarationError, match=f"unknown key '{key}' in parameters: known are"
    ):
        declare(parameters={key: 1})


def test_cutoffs_may_lie_some_months_apart() -> None:
    assert declare(cutoff_months=3).due_cutoffs(datetime(2014, 6, 1)) == [
        NOVEMBER,
        FEBRUARY,
        datetime(2014, 5, 1),
    ]


@pytest.mark.parametrize("name", [None, "", 3])
def test_a_problem_has_a_name(name: object) -> None:
    with pytest.raises(DeclarationError, match="name is"):
        declare(name=name)
