"""A prediction problem, declared once as data in its properties file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from datetime import UTC, date, datetime
from typing import Any

from python_ml.declaration import (
    DeclarationError,
    read_choice,
    read_date,
    read_gates,
    read_names,
    read_parameters,
    read_text,
    read_whole_number,
    refuse_unknown,
    refused,
)

METRICS: Mapping[str, tuple[str, ...]] = {
    "binary": ("log_loss", "brier"),
    "regression": ("pinball", "absolute_error"),
}
"""The tasks, and the losses by which versions may be compared; the first by default."""

ROLES = ("prediction_at", "label", "label_known_at")

DEFAULT_PARAMETERS: Mapping[str, float | int] = {
    "learning_rate": 0.1,
    "num_leaves": 31,
    "min_data_in_leaf": 100,
    "max_iterations": 200,
    "early_stopping_iterations": 25,
}

_GATES_OF_ANY_TASK: Mapping[str, float] = {
    "beats_baseline": 0.02,
    "no_segment_worse_than": 0.05,
    "fairness_gap_below": 0.25,
    "not_worse_than_champion": 0.0,
    "contributions_sum_to_score": 1e-9,
}
DEFAULT_GATES: Mapping[str, Mapping[str, float]] = {
    "binary": {**_GATES_OF_ANY_TASK, "calibrated": 0.05},
    "regression": {**_GATES_OF_ANY_TASK, "covers": 0.05},
}
"""The checks of a version and their bounds; ``macros/checks.sql`` defines them."""

UNTRAINED = frozenset(
    {"label", "prediction_time", "label_known", "last_cutoff", "baseline", "groups"}
    | {"metric", "gates", "offset_days", "tune_before"}
)
"""Keys that decide nothing of a trained version: changing them trains none anew."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is predicted, about what, when, and how a version of the model is made.

    Attributes:
        name: of the problem; its relations begin with it.
        task: ``binary`` or ``regression``.
        label: what the label says, in words, with its unit.
        prediction_time: when a prediction is made, in words.
        label_known: when a label becomes known, in words.
        entity: the key columns of an example, beside ``prediction_at``.
        first_cutoff: the first version sees nothing known at or after this date (UTC).
        last_cutoff: no version is trained for a later date; none for no end.
        cutoff_months: from one cut-off to the next.
        calibration_days: stretch for early stopping and calibration, before the gate.
        gate_days: last stretch before the cut-off, on which promotion is decided.
        metric: the loss by which versions are compared (:data:`METRICS`).
        baseline: expressions over the dataset's columns; the naive forecast is what
            happened so far where they are equal.
        groups: columns of the dataset for which metrics are shown and gates checked.
        reweigh: one of the groups: each cut-off then has a second version, fitted with
            weights under which the label does not depend on it
            (:func:`python_ml.reweighing.reweighing_weights`); none for no weights.
        gates: the bound of each check (:data:`DEFAULT_GATES`); ``false`` leaves it out.
        coverage: share of labels that the interval of a regression is to cover.
        offset_days: days of labels from which the interval is kept up to date.
        categorical: features that are names, not quantities; all others are numbers.
        parameters: LightGBM's (:data:`python_ml.declaration.PARAMETERS`).
        seed: of every random choice.
        tune_before: ``goldleaf tune`` reads nothing known at or after this date (UTC).

    """

    name: str
    task: str
    label: str
    prediction_time: str
    label_known: str
    entity: tuple[str, ...]
    first_cutoff: date
    last_cutoff: date | None = None
    cutoff_months: int = 1
    calibration_days: int = 21
    gate_days: int = 14
    metric: str = ""
    baseline: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    reweigh: str | None = None
    gates: Mapping[str, float] = field(default_factory=dict)
    coverage: float = 0.8
    offset_days: int = 14
    categorical: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 2013
    tune_before: date | None = None

    @classmethod
    def from_declaration(cls, declaration: object) -> Problem:
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
        known = {entry.name: entry for entry in fields(cls)}
        refuse_unknown("the declaration", declaration, known)
        for key, entry in known.items():
            is_required = entry.default is MISSING and entry.default_factory is MISSING
            if is_required and key not in declaration:
                raise DeclarationError(f"the declaration lacks the key {key!r}")
        values = dict(declaration)
        for key in ("name", "label", "prediction_time", "label_known"):
            values[key] = read_text(key, values[key])
        task = values["task"] = read_choice("task", values["task"], METRICS)
        values["metric"] = read_choice(
            "metric",
            values.get("metric", METRICS[task][0]),
            dict.fromkeys(METRICS[task]),
        )
        values["first_cutoff"] = read_date("first_cutoff", values["first_cutoff"])
        for key in ("last_cutoff", "tune_before"):
            if values.get(key) is not None:
                values[key] = read_date(key, values[key])
        if values.get("reweigh") is not None:
            values["reweigh"] = read_text("reweigh", values["reweigh"])
        for key in ("entity", "baseline", "groups", "categorical"):
            values[key] = read_names(key, values.get(key, ()))
        values["gates"] = read_gates(values.get("gates", {}), DEFAULT_GATES[task])
        values["parameters"] = {
            **DEFAULT_PARAMETERS,
            **read_parameters(values.get("parameters", {})),
        }
        return cls(**values)

    @classmethod
    def from_json(cls, text: str) -> Problem:
        """Read what :meth:`to_json` wrote: a check that is not there was left out.

        Raises:
            DeclarationError: when this code would not write it.

        """
        written = json.loads(text)
        no_checks = dict.fromkeys(DEFAULT_GATES[written["task"]], False)
        return cls.from_declaration(
            {**written, "gates": {**no_checks, **written["gates"]}}
        )

    def __post_init__(self) -> None:
        """Refuse what single values do not show."""
        if not self.entity:
            raise refused("entity", list(self.entity), "at least one key column")
        if self.first_cutoff.day != 1:
            raise refused("first_cutoff", str(self.first_cutoff), "a first of a month")
        if self.last_cutoff and self.last_cutoff < self.first_cutoff:
            raise refused(
                "last_cutoff",
                str(self.last_cutoff),
                f"first_cutoff ({self.first_cutoff}) or later",
            )
        for key in ("cutoff_months", "calibration_days", "gate_days", "offset_days"):
            read_whole_number(key, getattr(self, key), 1)
        read_whole_number("seed", self.seed, 0)
        if isinstance(self.coverage, bool) or not (
            isinstance(self.coverage, float) and 0 < self.coverage < 1
        ):
            raise refused("coverage", self.coverage, "a share between 0 and 1")
        if self.reweigh is not None:
            if self.task != "binary":
                raise refused(
                    "reweigh",
                    self.reweigh,
                    "nothing: only a binary problem is reweighed",
                )
            if self.reweigh not in self.groups:
                groups = ", ".join(self.groups) or "none is declared"
                raise refused("reweigh", self.reweigh, f"one of groups ({groups})")

    def key(self) -> tuple[str, ...]:
        """Return the columns that name an example."""
        return (*self.entity, "prediction_at")

    def quantiles(self) -> dict[str, float]:
        """Return what a regression predicts: the median and the interval's ends."""
        tail = (1 - self.coverage) / 2
        return {"median": 0.5, "lower": tail, "upper": 1 - tail}

    def features(self, dataset_columns: list[str]) -> tuple[str, ...]:
        """Return the columns of the dataset that are neither key nor label, in order.

        Raises:
            DeclarationError: when a role or a declared column is no column.

        """
        no_feature = (*self.entity, *ROLES)
        for column in self.categorical:
            if column in no_feature:
                raise refused("categorical", column, "features, not a key or label")
        for column in (*no_feature, *self.categorical, *self.groups):
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
            months = cutoff.month - 1 + self.cutoff_months
            cutoff = date(cutoff.year + months // 12, months % 12 + 1, 1)
        return cutoffs

    def to_json(self) -> str:
        """Return the declaration with its defaults, always the same text."""
        return json.dumps(asdict(self), sort_keys=True, default=str)


def changed_keys(before: str, after: str) -> list[str]:
    """Return what of two declarations (as JSON) differs and decides a version.

    >>> changed_keys('{"seed": 1, "gates": {}}', '{"seed": 2, "gates": {"a": 1}}')
    ['seed']

    """
    first, second = json.loads(before), json.loads(after)
    return sorted(
        key
        for key in (first.keys() | second.keys()) - UNTRAINED
        if first.get(key) != second.get(key)
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)
