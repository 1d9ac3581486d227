from __future__ import annotations

from datetime import datetime
from typing import Any

import duckdb
import pytest

from python_ml.edge.train import labelled_examples
from python_ml.problem import Problem

PROBLEM = Problem.from_declaration(
    {
        "name": "late",
        "task": "binary",
        "label": "1 if it is late",
        "prediction_time": "two hours before departure",
        "label_known": "when the flight lands",
        "entity": ["flight", "leg"],
        "first_cutoff": "2013-07-01",
    }
)
ENDS = [datetime(2013, 6, day) for day in (10, 20, 30)]

Row = tuple[str, int, str, int | None, str | None]


def stretches(*labels: Row) -> list[list[tuple[Any, ...]]]:
    """Return flight, leg, label and feature of each stretch, of labels that are known.

    Each label: flight, leg, when it is predicted and known (as days of June), label.
    """
    with duckdb.connect() as connection:
        connection.execute(
            "create table labels (flight varchar, leg integer, prediction_at timestamp,"
            " label integer, label_known_at timestamp)"
        )
        for flight, leg, predicted, label, known in labels:
            connection.execute(
                "insert into labels values ($1, $2, $3, $4, $5)",
                [flight, leg, june(predicted), label, known and june(known)],
            )
        dataset = connection.sql(
            "select distinct flight, leg, prediction_at, 9 as label,"
            " timestamp '2013-06-01' as label_known_at, flight || leg as feature"
            " from labels"
        )
        examples = labelled_examples(PROBLEM, dataset, connection.table("labels"), ENDS)
    assert all("label_known_at" not in table.column_names for table in examples)
    columns = ("flight", "leg", "label", "feature")
    return [
        list(zip(*(table[name].to_pylist() for name in columns), strict=True))
        for table in examples
    ]


def june(day: str) -> str:
    return f"2013-06-{day}"


def test_each_example_is_in_the_stretch_of_its_prediction() -> None:
    assert stretches(
        ("a", 1, "09 23:59:59.999999", 0, "09 23:59:59.999999"),
        ("b", 1, "10", 1, "11"),
        ("c", 1, "20", 0, "21"),
        ("d", 1, "29", 1, "29"),
        ("e", 1, "30", 1, "30"),  # where the last one ends
    ) == [
        [("a", 1, 0, "a1")],
        [("b", 1, 1, "b1")],
        [("c", 1, 0, "c1"), ("d", 1, 1, "d1")],
    ]


@pytest.mark.parametrize("known", ["10", "15", "30", None])
def test_a_label_that_was_not_known_before_its_stretch_ended_is_left_out(
    known: str | None,
) -> None:
    assert stretches(("a", 1, "09", 1, known)) == [[], [], []]
    assert stretches(("a", 1, "09", 1, "09 23:59:59.999999")) != [[], [], []]


def test_a_label_is_the_last_one_known_before_its_stretch_ended() -> None:
    corrected = [("a", 1, "05", 0, "06"), ("a", 1, "05", 1, "12")]
    assert stretches(*corrected) == [[("a", 1, 0, "a1")], [], []]
    corrected = [("a", 1, "15", 0, "16"), ("a", 1, "15", 1, "19")]
    assert stretches(*corrected) == [[], [("a", 1, 1, "a1")], []]


def test_a_label_that_was_taken_back_is_none() -> None:
    assert stretches(("a", 1, "05", 1, "06"), ("a", 1, "05", None, "07")) == [[]] * 3


def test_examples_of_one_instant_are_in_the_order_of_their_key() -> None:
    at_once = [
        ("b", 1, "05", 0, "06"),
        ("a", 2, "05", 1, "06"),
        ("a", 1, "05", 1, "06"),
    ]
    expected = [("a", 1, 1, "a1"), ("a", 2, 1, "a2"), ("b", 1, 0, "b1")]
    assert stretches(*at_once, ("z", 1, "04", 1, "06"))[0] == [
        ("z", 1, 1, "z1"),
        *expected,
    ]


def test_without_an_example_the_stretches_are_empty() -> None:
    assert stretches() == [[], [], []]
