"""A prediction problem, declared once as data in its properties file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from typing import Any

TASKS = ("binary",)
ROLES = ("prediction_at", "label", "label_known_at")
DEFAULT_PARAMETERS: Mapping[str, float | int] = {
    "learning_rate": 0.05,
    "num_leaves": 63,
    "min_data_in_leaf": 100,
    "max_iterations": 1000,
    "early_stopping_iterations": 50,
}

DECIDED_PARAMETERS = (
    "objective",
    "metric",
    "seed",
    "deterministic",
    "force_row_wise",
    "num_threads",
    "verbosity",
)
"""LightGBM's parameters that the task, the seed and reproducibility decide."""


class DeclarationError(ValueError):
    """A declaration that makes no sense: names key, value and what is allowed."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is predicted, about what, when, and how a version of the model is made.

    Attributes:
        name: of the problem; its relations begin with it.
        task: ``binary``.
        entity: the key columns of an example, beside ``prediction_at``.
        first_cutoff: the first version sees nothing known at or after this date (UTC).
        last_cutoff: no version is trained for a later date; none for no end.
        calibration_days: stretch for early stopping, before the gate.
        gate_days: last stretch before the cut-off, on which promotion is decided.
        categorical: features that are names, not quantities; all others are numbers.
        parameters: LightGBM's parameters, in its own names, beside ``max_iterations``
            and ``early_stopping_iterations``.
        seed: of every random choice.

    """

    name: str
    task: str
    entity: tuple[str, ...]
    first_cutoff: date
    last_cutoff: date | None = None
    calibration_days: int = 21
    gate_days: int = 14
    categorical: tuple[str, ...] = ()
    parameters: Mapping[str, float | int | str] = field(default_factory=dict)
    seed: int = 2013

    @classmethod
    def from_declaration(cls, declaration: Mapping[str, Any] | None) -> Problem:
        """Read the declaration, as YAML gives it.

        Raises:
            DeclarationError: for an unknown or missing key, or a value that is not
                allowed.

        """
        if not isinstance(declaration, Mapping):
            raise DeclarationError(
                f"the declaration is {declaration!r}: expected a mapping under "
                "config.meta.problem of the model"
            )
        known = {entry.name for entry in fields(cls)}
        for key in declaration:
            if key not in known:
                raise DeclarationError(
                    f"unknown key {key!r} in the declaration: known are "
                    + ", ".join(sorted(known))
                )
        required = ("name", "task", "entity", "first_cutoff")
        for key in required:
            if key not in declaration:
                raise DeclarationError(f"the declaration lacks the key {key!r}")
        values = dict(declaration)
        values["first_cutoff"] = _date("first_cutoff", values["first_cutoff"])
        if values.get("last_cutoff") is not None:
            values["last_cutoff"] = _date("last_cutoff", values["last_cutoff"])
        for key in ("entity", "categorical"):
            values[key] = _names(key, values.get(key, ()))
        parameters = values.get("parameters", {})
        if not isinstance(parameters, Mapping):
            raise _refused("parameters", parameters, "a mapping")
        for key in parameters:
            if key in DECIDED_PARAMETERS:
                raise _refused(
                    f"parameters.{key}", parameters[key], "no such key: it is decided"
                )
        values["parameters"] = {**DEFAULT_PARAMETERS, **parameters}
        return cls(**values)

    def __post_init__(self) -> None:
        """Refuse nonsense on construction."""
        if not isinstance(self.name, str) or not self.name:
            raise _refused("name", self.name, "the name of the problem")
        if self.task not in TASKS:
            raise _refused("task", self.task, f"one of {', '.join(TASKS)}")
        if not self.entity:
            raise _refused("entity", list(self.entity), "at least one key column")
        if self.last_cutoff and self.last_cutoff < self.first_cutoff:
            raise _refused(
                "last_cutoff",
                str(self.last_cutoff),
                f"first_cutoff ({self.first_cutoff}) or later",
            )
        if self.first_cutoff.day != 1:
            raise _refused("first_cutoff", str(self.first_cutoff), "a first of a month")
        for key in ("calibration_days", "gate_days"):
            _whole_number(key, getattr(self, key), 1)
        _whole_number("seed", self.seed, 0)
        for key in ("max_iterations", "early_stopping_iterations"):
            _whole_number(f"parameters.{key}", self.parameters.get(key), 1)

    def key(self) -> tuple[str, ...]:
        """Return the columns that name an example."""
        return (*self.entity, "prediction_at")

    def features(self, dataset_columns: list[str]) -> tuple[str, ...]:
        """Return the columns of the dataset that are neither key nor label, in order.

        Raises:
            DeclarationError: when a role or a declared categorical is no column.

        """
        no_feature = (*self.entity, *ROLES)
        for column in self.categorical:
            if column in no_feature:
                raise _refused("categorical", column, "features, not a key or label")
        for column in (*no_feature, *self.categorical):
            if column not in dataset_columns:
                raise DeclarationError(
                    f"{self.name}: the dataset has no column {column!r}; it has "
                    + ", ".join(dataset_columns)
                )
        return tuple(c for c in dataset_columns if c not in no_feature)

    def due_cutoffs(self, clock: datetime) -> list[datetime]:
        """Return the cut-offs up to the clock, midnight UTC of firsts of a month."""
        cutoffs = []
        cutoff = self.first_cutoff
        while _midnight(cutoff) <= clock and cutoff <= (self.last_cutoff or date.max):
            cutoffs.append(_midnight(cutoff))
            cutoff = date(cutoff.year + cutoff.month // 12, cutoff.month % 12 + 1, 1)
        return cutoffs


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)


def _refused(key: str, value: object, allowed: str) -> DeclarationError:
    return DeclarationError(f"{key} is {value!r}: expected {allowed}")


def _date(key: str, value: object) -> date:
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        day = None
    if day is None or day.isoformat() != str(value):
        raise _refused(key, value, "a date YYYY-MM-DD")
    return day


def _names(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(
        isinstance(name, str) for name in value
    ):
        raise _refused(key, value, "a list of column names")
    return tuple(value)


def _whole_number(key: str, value: object, smallest: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < smallest:
        raise _refused(key, value, f"a whole number, {smallest} or more")
