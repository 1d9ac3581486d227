"""Which versions are to be trained now, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from python_ml.problem import changed_keys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from python_ml.problem import Problem


@dataclass(frozen=True)
class Recipe:
    """What decides a version beside its examples.

    Attributes:
        declaration: of the problem, as :meth:`~python_ml.problem.Problem.to_json`.
        features: the columns that the model reads, in order.
        code_sha256: hash of the code that trains.

    """

    declaration: str
    features: tuple[str, ...]
    code_sha256: str

    def changes(self, before: Recipe) -> list[str]:
        """Return in words what differs from an earlier recipe."""
        changes = [
            f"declaration changed: {key}"
            for key in changed_keys(before.declaration, self.declaration)
        ]
        if before.features != self.features:
            changes.append("features changed")
        if before.code_sha256 != self.code_sha256:
            changes.append("training code changed")
        return changes


@dataclass(frozen=True)
class Attempt:
    """A version that was trained: for which cut-off, which time, and how."""

    cutoff: datetime
    number: int
    recipe: Recipe


@dataclass(frozen=True)
class DueVersion:
    """A version to train.

    Attributes:
        cutoff: it sees nothing known at or after this instant.
        attempt: 1 for the first version of a cut-off.
        available_at: from here on it may be in force. A cut-off's first version from
            the cut-off; a later one from the clock, for what was published stays.
        because: why it is trained.

    """

    cutoff: datetime
    attempt: int
    available_at: datetime
    because: str


def due_versions(
    problem: Problem, clock: datetime, recipe: Recipe, trained: Sequence[Attempt]
) -> list[DueVersion]:
    """Return the versions that are due at the clock and missing.

    A changed recipe trains the latest cut-off once more, as a challenger; what was
    trained for earlier ones is history.
    """
    cutoffs = problem.due_cutoffs(clock)
    done = {attempt.cutoff for attempt in trained}
    due = [
        DueVersion(cutoff, 1, cutoff, "cut-off due")
        for cutoff in cutoffs
        if cutoff not in done
    ]
    latest = [attempt for attempt in trained if attempt.cutoff == max(cutoffs)]
    if latest:
        newest = max(latest, key=lambda attempt: attempt.number)
        changes = recipe.changes(newest.recipe)
        if changes:
            number = newest.number + 1
            due.append(DueVersion(newest.cutoff, number, clock, "; ".join(changes)))
    return due
