"""Flights at risk: what was published, with the reasons of `goldleaf explain`."""

from __future__ import annotations

import csv
from itertools import groupby
from typing import TYPE_CHECKING

import pytest

from python_ml.reasons import Reason, sentence

if TYPE_CHECKING:
    from conftest import Workspace

REASONS = {
    "arrival_delay": "late_reasons",
    "arrival_delay_minutes": "delay_reasons",
    "cancellation": "cancellation_reasons",
}
TASKS = {
    "arrival_delay": "binary",
    "arrival_delay_minutes": "regression",
    "cancellation": "binary",
}


@pytest.mark.parametrize("problem", REASONS)
def test_a_flight_has_the_words_of_explain(built: Workspace, problem: str) -> None:
    column = REASONS[problem]
    flight_id, said = built.query(
        f"select flight_id, {column} from marts.flight_risk "
        f"where {column} is not null order by hash(flight_id) limit 1"
    )[0]
    printed = built.succeed("goldleaf", "explain", problem, flight_id, "--csv")
    strongest = [
        Reason(row["phrase"], float(row["contribution"]))
        for row in list(csv.DictReader(printed.splitlines()))[:3]
    ]
    assert said == sentence(strongest, TASKS[problem])
    assert all(reason.phrase in said for reason in strongest)


def test_sentences_in_sql_are_those_in_python(built: Workspace) -> None:
    rows = built.query(
        "select problem, entity_id, phrase, contribution, reasons from ml.explanations "
        "left join ml.reasons using (problem, entity_id, prediction_at) "
        "where rank <= 3 order by problem, entity_id, rank"
    )
    compared = 0
    for (problem, entity_id), group in groupby(rows, key=lambda row: row[:2]):
        found = list(group)
        expected = sentence([Reason(*row[2:4]) for row in found], TASKS[problem])
        assert found[0][4] == expected, entity_id
        compared += 1
    assert compared > 5_000


def test_what_was_published_is_what_flight_risk_shows(built: Workspace) -> None:
    shown = built.query(
        "select count(*), count(late_probability), count(late_reasons), "
        "count(outcome) from marts.flight_risk"
    )[0]
    published = built.value(
        "select count(*) from ml.predictions where problem = 'arrival_delay'"
    )
    explained = built.value("select count(distinct entity_id) from ml.explanations")
    flights, known = built.query(
        "select count(*), count(outcome_known_at) from gold.fct_flights"
    )[0]
    assert shown == (flights, published, explained, known)
