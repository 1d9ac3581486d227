"""The marts: reasons in the words of `goldleaf explain`, intervals that hold."""

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

# Parameters were chosen on these months; November and December are only reported.
COVERED = """
select
    count({counted}_flights_lower),
    avg((
        {counted}_flights
        between {counted}_flights_lower and {counted}_flights_upper
    )::integer)
from marts.airport_day_outlook
where flight_date_local between '2013-07-01' and '2013-10-31' and {rows}
"""


@pytest.mark.parametrize("problem", REASONS)
def test_a_flight_has_the_words_of_explain(
    flights_2013: Workspace, problem: str
) -> None:
    column = REASONS[problem]
    flight_id, said = flights_2013.query(
        f"select flight_id, {column} from marts.flight_risk "
        f"where {column} is not null order by hash(flight_id) limit 1"
    )[0]
    printed = flights_2013.succeed("goldleaf", "explain", problem, flight_id, "--csv")
    strongest = [
        Reason(row["phrase"], float(row["contribution"]))
        for row in list(csv.DictReader(printed.splitlines()))[:3]
    ]
    assert said == sentence(strongest, TASKS[problem])
    text = flights_2013.succeed("goldleaf", "explain", problem, flight_id)
    for reason in strongest:
        assert reason.phrase in text.splitlines()[-1]
        assert reason.phrase in said


def test_sentences_in_sql_are_those_in_python(flights_2013: Workspace) -> None:
    rows = flights_2013.query(
        "select problem, entity_id, phrase, contribution, reasons from ml.explanations "
        "left join ml.reasons using (problem, entity_id, prediction_at) "
        "where rank <= 3 and hash(entity_id) % 10 = 0 order by problem, entity_id, rank"
    )
    compared = 0
    for (problem, entity_id), group in groupby(rows, key=lambda row: row[:2]):
        found = list(group)
        expected = sentence([Reason(*row[2:4]) for row in found], TASKS[problem])
        assert found[0][4] == expected, entity_id
        compared += 1
    assert compared > 5_000


def test_what_was_published_is_what_flight_risk_shows(flights_2013: Workspace) -> None:
    shown = flights_2013.query(
        "select count(*), count(late_probability), count(late_reasons), "
        "count(outcome) from marts.flight_risk"
    )[0]
    published = flights_2013.value(
        "select count(*) from ml.predictions where problem = 'arrival_delay'"
    )
    explained = flights_2013.value(
        "select count(distinct entity_id) from ml.explanations"
    )
    flights, known = flights_2013.query(
        "select count(*), count(outcome_known_at) from gold.fct_flights"
    )[0]
    assert shown == (flights, published, explained, known)


@pytest.mark.parametrize(
    ("counted", "rows"),
    [
        ("late", "hour_local is not null"),
        ("late", "hour_local is null"),
        ("cancelled", "hour_local is null"),
        ("cancelled", "hour_local is not null and expected_cancelled_flights >= 1"),
    ],
)
def test_intervals_hold_four_times_in_five(
    flights_2013: Workspace, counted: str, rows: str
) -> None:
    n, coverage = flights_2013.query(COVERED.format(counted=counted, rows=rows))[0]
    assert n > 300
    assert 0.75 <= coverage <= 0.85


def test_hours_in_which_a_cancellation_is_unlikely_are_covered_more_often(
    flights_2013: Workspace,
) -> None:
    """In most hours none is cancelled, and an interval that holds 0 cannot fail."""
    none, coverage = flights_2013.query(
        "select avg((cancelled_flights = 0)::int), avg((cancelled_flights between "
        "cancelled_flights_lower and cancelled_flights_upper)::int) "
        "from marts.airport_day_outlook where hour_local is not null "
        "and cancelled_flights_lower is not null "
        "and flight_date_local between '2013-07-01' and '2013-10-31'"
    )[0]
    assert 0.8 < none < coverage < 0.95


@pytest.mark.parametrize("counted", ["late", "cancelled"])
def test_what_is_expected_happens_on_average(
    flights_2013: Workspace, counted: str
) -> None:
    expected, happened = flights_2013.query(
        f"select sum(expected_{counted}_flights), sum({counted}_flights) "
        "from marts.airport_day_outlook where hour_local is not null "
        "and flight_date_local between '2013-07-01' and '2013-10-31' "
        f"and expected_{counted}_flights is not null"
    )[0]
    assert expected == pytest.approx(happened, rel=0.1)
