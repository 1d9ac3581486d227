"""Reasons in words: every unit, the words after a colon, and what cannot be filled."""

from __future__ import annotations

import doctest
import math
import re
from typing import TYPE_CHECKING

import pytest

from python_ml import reasons
from python_ml.reasons import PhraseError, Reason, Wording, in_words, phrase, sentence

if TYPE_CHECKING:
    from python_ml.reasons import Value

WORDINGS = {
    "origin": Wording("name", "the origin is {}"),
    "departures_3h": Wording("count", "{:departures} from {origin}"),
    "delay_minutes_3h": Wording(
        "minutes",
        "{departures_3h:departures} from {origin}, {:late|on time|early} on average",
        "no departures from {origin}",
    ),
    "gust_mph": Wording("miles an hour", "gusts of {} at {origin}"),
    "late_share": Wording("share of 1"),
}


def test_the_examples_of_the_docstrings_hold() -> None:
    failed, tried = doctest.testmod(reasons)
    assert (failed, tried) == (0, 8)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("EWR", "name", "EWR"),
        (True, "yes or no", "yes"),
        (False, "yes or no", "no"),
        (1545, "number", "1545"),
        (2004.0, "year", "2004"),
        (1, "day of the week", "Monday"),
        (7, "day of the week", "Sunday"),
        (0, "minutes since midnight", "00:00"),
        (1065, "minutes since midnight", "17:45"),
        (0, "minutes", "0 minutes"),
        (-0.4, "minutes", "0 minutes"),
        (1.2, "minutes", "1 minute"),
        (-1, "minutes", "-1 minute"),
        (11.8, "minutes", "12 minutes"),
        (179.4, "minutes", "179 minutes"),
        (179.6, "minutes", "3 hours"),
        (241, "minutes", "4 hours 1 minute"),
        (37, "count", "37"),
        (0, "count", "0"),
        (0, "share of 1", "0 %"),
        (0.338, "share of 1", "34 %"),
        (1, "share of 1", "100 %"),
        (77.4, "percent", "77 %"),
        (66.9, "degrees Fahrenheit", "67 °F"),
        (-0.2, "degrees Fahrenheit", "0 °F"),
        (240, "degrees", "240 degrees"),
        (1, "degrees", "1 degree"),
        (10.4, "miles an hour", "10 mph"),
        (1, "inches", "1 inch"),
        (0.1, "inches", "0.1 inches"),
        (1012.3, "millibars", "1012 millibars"),
        (1, "miles", "1 mile"),
        (0.25, "miles", "0.25 miles"),
        (10.0, "miles", "10 miles"),
        (2475, "miles", "2475 miles"),
        (1, "days", "1 day"),
        (30, "years", "30 years"),
        (None, "minutes", "unknown"),
        (math.nan, "share of 1", "unknown"),
    ],
)
def test_a_value_is_written_as_its_unit_asks(
    value: Value, unit: str, words: str
) -> None:
    assert in_words(value, unit) == words


@pytest.mark.parametrize(
    ("value", "unit", "spec", "words"),
    [
        (37, "count", "departures", "37 departures"),
        (1, "count", "known departures", "1 known departure"),
        (0, "count", "departures", "no departures"),
        (None, "count", "departures", "an unknown number of departures"),
        (11.8, "minutes", "late|on time|early", "12 minutes late"),
        (1, "minutes", "late|on time|early", "1 minute late"),
        (0.4, "minutes", "late|on time|early", "on time"),
        (-0.4, "minutes", "late|on time|early", "on time"),
        (-1, "minutes", "late|on time|early", "1 minute early"),
        (-200, "minutes", "late|on time|early", "3 hours 20 minutes early"),
        (None, "minutes", "late|on time|early", "unknown"),
        (0, "inches", "|none|", "none"),
        (0.02, "inches", "|none|", "0.02 inches"),
    ],
)
def test_words_after_the_colon(value: Value, unit: str, spec: str, words: str) -> None:
    assert in_words(value, unit, spec) == words


@pytest.mark.parametrize("spec", ["late|early", "late||early", "a|b|c|d"])
def test_words_that_are_neither_one_nor_three_are_refused(spec: str) -> None:
    with pytest.raises(PhraseError, match=re.escape(repr(spec))):
        in_words(5, "minutes", spec)


def test_a_phrase_is_filled_from_the_row() -> None:
    row: dict[str, Value] = {
        "origin": "EWR",
        "departures_3h": 37,
        "delay_minutes_3h": -3.2,
        "gust_mph": None,
    }
    said = {feature: phrase(feature, WORDINGS, row) for feature in row}
    assert said == {
        "origin": "the origin is EWR",
        "departures_3h": "37 departures from EWR",
        "delay_minutes_3h": "37 departures from EWR, 3 minutes early on average",
        "gust_mph": "gusts of unknown at EWR",
    }


@pytest.mark.parametrize("missing", [None, math.nan])
def test_where_the_feature_itself_is_null_its_other_phrase_is_used(
    missing: float | None,
) -> None:
    row = {"origin": None, "departures_3h": 0, "delay_minutes_3h": missing}
    said = phrase("delay_minutes_3h", WORDINGS, row)
    assert said == "no departures from unknown"


def test_without_a_phrase_it_is_the_name_in_words_and_the_value() -> None:
    row: dict[str, Value] = {"late_share": 0.5, "never_heard_of": 3}
    assert phrase("late_share", WORDINGS, row) == "late share: 50 %"
    assert phrase("never_heard_of", WORDINGS, row) == "never heard of: 3"


@pytest.mark.parametrize(
    ("feature", "row", "absent"),
    [
        ("departures_3h", {"departures_3h": 3}, "origin"),
        ("delay_minutes_3h", {"origin": "EWR", "departures_3h": 3}, "delay_minutes_3h"),
        ("late_share", {"origin": "EWR"}, "late_share"),
    ],
)
def test_a_placeholder_that_is_not_in_the_row_is_named(
    feature: str, row: dict[str, Value], absent: str
) -> None:
    with pytest.raises(PhraseError, match=f"^{feature}: .*: '{absent}' is no feature"):
        phrase(feature, WORDINGS, row)


@pytest.mark.parametrize("template", ["{:late|early}", "from {origin"])
def test_a_malformed_phrase_is_named(template: str) -> None:
    row: dict[str, Value] = {"origin": "EWR"}
    with pytest.raises(PhraseError, match=f"^origin: .*{re.escape(template)}"):
        phrase("origin", {"origin": Wording("name", template)}, row)


REASONS = [Reason("fog", 0.4), Reason("a Sunday", -0.3), Reason("rain", 0.1)]


@pytest.mark.parametrize(
    ("given", "task", "said"),
    [
        (REASONS, "binary", "Raises the risk: fog; rain. Lowers the risk: a Sunday."),
        (REASONS, "regression", "Later: fog; rain. Earlier: a Sunday."),
        (REASONS[1:2], "binary", "Lowers the risk: a Sunday."),
        ([Reason("fog", 0.0)], "binary", ""),
        ([], "binary", ""),
    ],
)
def test_a_sentence_keeps_the_ranks_of_each_direction(
    given: list[Reason], task: str, said: str
) -> None:
    assert sentence(given, task) == said


def test_a_task_without_directions_is_refused() -> None:
    with pytest.raises(ValueError, match="'anomaly': expected one of binary, regress"):
        sentence(REASONS, "anomaly")
