"""Reasons in words: the phrases of features.registry, filled with an example's values.

A phrase is a template such as ``{departures:departures} from {origin}, {:late|on
time|early} on average``. Its placeholders name features of the same example; the empty
one stands for the feature that the phrase belongs to. A value is written as its unit
asks; after a colon a placeholder may give

- the noun that is counted, in the plural: ``{:departures}`` reads "37 departures",
  "1 departure" or "no departures";
- words for above, at and below zero: ``{:late|on time|early}`` reads "12 minutes late",
  "on time" or "3 minutes early".
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Value = str | float | bool | None

DIRECTIONS: Mapping[str, tuple[str, str]] = {
    "binary": ("raises the risk", "lowers the risk"),
    "regression": ("later", "earlier"),
}
"""By task, what a positive and what a negative contribution does."""

_SHORT_UNITS = {
    "count": "",
    "degrees Fahrenheit": "°F",
    "miles an hour": "mph",
    "percent": "%",
}
_DECIMALS = {"inches": 2, "miles": 2}
_LONGEST_IN_MINUTES = 180  # "150 minutes" is read at a glance, "1035 minutes" is not


class PhraseError(ValueError):
    """A phrase that cannot be filled: names feature, phrase and what is wrong."""


@dataclass(frozen=True)
class Wording:
    """How a feature is put into words, as its row of features.registry says.

    Attributes:
        unit: of its values.
        phrase: the template; none if it has none.
        phrase_if_null: the template where the feature itself is null; none if it reads
            well as "unknown".

    """

    unit: str
    phrase: str | None = None
    phrase_if_null: str | None = None


_WITHOUT_WORDING = Wording("name")


@dataclass(frozen=True)
class Reason:
    """A feature in words, and its contribution to the raw score."""

    phrase: str
    contribution: float


def phrase(
    feature: str, wordings: Mapping[str, Wording], values: Mapping[str, Value]
) -> str:
    """Return in words what a feature says of one example.

    A feature without a phrase is its name in words and its value.

    >>> wordings = {
    ...     "departures_3h": Wording("count"),
    ...     "delay_minutes_3h": Wording(
    ...         "minutes",
    ...         "{departures_3h:departures}, {:late|on time|early} on average",
    ...         "no departures",
    ...     ),
    ... }
    >>> phrase(
    ...     "delay_minutes_3h",
    ...     wordings,
    ...     {"departures_3h": 37, "delay_minutes_3h": 11.8},
    ... )
    '37 departures, 12 minutes late on average'
    >>> phrase("delay_minutes_3h", wordings, {"delay_minutes_3h": None})
    'no departures'
    >>> phrase("departures_3h", wordings, {"departures_3h": 37})
    'departures 3h: 37'

    Raises:
        PhraseError: when the phrase is malformed, or a placeholder is no feature of the
            example.

    """
    wording = wordings.get(feature, _WITHOUT_WORDING)
    template = wording.phrase or f"{feature.replace('_', ' ')}: {{}}"
    is_null = feature in values and _is_missing(values[feature])
    if is_null and wording.phrase_if_null:
        template = wording.phrase_if_null
    try:
        return _filled(template, feature, wordings, values)
    except ValueError as error:
        raise PhraseError(f"{feature}: the phrase {template!r}: {error}") from None


def in_words(value: Value, unit: str, spec: str = "") -> str:
    """Return a value as its unit asks, with the words after a placeholder's colon.

    >>> in_words(0.338, "share of 1"), in_words(1065, "minutes since midnight")
    ('34 %', '17:45')
    >>> in_words(1, "count", "departures"), in_words(None, "inches")
    ('1 departure', 'unknown')
    >>> in_words(-3.2, "minutes", "late|on time|early")
    '3 minutes early'

    Raises:
        PhraseError: when the words are neither one noun nor three.

    """
    if value is None or _is_missing(value):
        counts = spec and "|" not in spec
        return f"an unknown number of {spec}" if counts else "unknown"
    match spec.split("|"):
        case [""]:
            return _plain(value, unit)
        case [noun]:
            return _counted("no" if float(value) == 0 else _plain(value, unit), noun)
        case [above, at_zero, below] if at_zero:
            size = _plain(abs(float(value)), unit)
            if size == _plain(0, unit):
                return at_zero
            return f"{size} {above if float(value) > 0 else below}".rstrip()
        case _:
            raise PhraseError(
                f"{spec!r} after a colon: expected a noun in the plural, or words for "
                "above, at and below zero as in 'late|on time|early'"
            )


def sentence(reasons: Sequence[Reason], task: str) -> str:
    """Return reasons as English: by direction, in the order given.

    What contributes nothing is left out.

    >>> sentence([Reason("no gusts", -0.4), Reason("the carrier is UA", 0.1)], "binary")
    'Raises the risk: the carrier is UA. Lowers the risk: no gusts.'

    Raises:
        ValueError: when the task has no directions.

    """
    if task not in DIRECTIONS:
        raise ValueError(f"task is {task!r}: expected one of {', '.join(DIRECTIONS)}")
    sentences = []
    for direction, sign in zip(DIRECTIONS[task], (1, -1), strict=True):
        phrases = [each.phrase for each in reasons if sign * each.contribution > 0]
        if phrases:
            sentences.append(f"{direction.capitalize()}: {'; '.join(phrases)}.")
    return " ".join(sentences)


def _filled(
    template: str,
    feature: str,
    wordings: Mapping[str, Wording],
    values: Mapping[str, Value],
) -> str:
    words = []
    for text, placeholder, spec, _ in Formatter().parse(template):
        words.append(text)
        if placeholder is not None:
            name = placeholder or feature
            if name not in values:
                raise PhraseError(
                    f"{name!r} is no feature of the example; it has {', '.join(values)}"
                )
            unit = wordings.get(name, _WITHOUT_WORDING).unit
            words.append(in_words(values[name], unit, spec or ""))
    return "".join(words)


def _is_missing(value: Value) -> bool:
    return value is None or value != value  # NaN alone differs from itself


def _plain(value: str | float | bool, unit: str) -> str:
    match unit:
        case "name" | "UTC":
            return str(value)
        case "yes or no":
            return "yes" if value else "no"
        case "number" | "year":
            return _number(value, 0)
        case "day of the week":
            return calendar.day_name[int(value) - 1]
        case "minutes since midnight":
            hours, minutes = divmod(int(value), 60)
            return f"{hours:02d}:{minutes:02d}"
        case "minutes":
            return _minutes(round(float(value)))
        case "share of 1":
            return f"{_number(100 * float(value), 0)} %"
        case _:
            number = _number(value, _DECIMALS.get(unit, 0))
            return _counted(number, _SHORT_UNITS.get(unit, unit)).rstrip()


def _minutes(count: int) -> str:
    if count < _LONGEST_IN_MINUTES:
        return _counted(str(count), "minutes")
    hours, minutes = divmod(count, 60)
    rest = " " + _counted(str(minutes), "minutes") if minutes else ""
    return _counted(str(hours), "hours") + rest


def _number(value: str | float | bool, decimals: int) -> str:
    text = f"{float(value):z.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text


def _counted(number: str, plural: str) -> str:
    noun = re.sub("(?<=ch)es$|s$", "", plural) if number in ("1", "-1") else plural
    return f"{number} {noun}"
