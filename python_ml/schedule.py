"""Which versions are to be trained now, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
        available_at: from here on it may be in force. What is first trained for a cut-
            off from that cut-off; what is later from the clock, for what was published
            stays.
        because: why it is trained.
        reweigh: the group that its examples are weighted for, or none.

    """

    cutoff: datetime
    attempt: int
    available_at: datetime
    because: str
    reweigh: str | None = None


def due_versions(
    problem: Problem, clock: datetime, recipe: Recipe, trained: Sequence[Attempt]
) -> list[DueVersion]:
    """Return the versions that are due at the clock and missing.

    A changed recipe trains the latest cut-off once more, as a challenger; what was
    trained for earlier ones is history. A version with weights comes after one without:
    what the weights do can be read off the two, and the gates compare them.
    """
    recipes = _recipes(problem, recipe)
    cutoffs = problem.due_cutoffs(clock)
    done = {attempt.cutoff for attempt in trained}
    due = [
        DueVersion(cutoff, attempt, cutoff, "cut-off due", group)
        for cutoff in cutoffs
        if cutoff not in done
        for attempt, group in enumerate(recipes, start=1)
    ]
    latest = [attempt for attempt in trained if attempt.cutoff == max(cutoffs)]
    if latest:
        newest = max(latest, key=lambda attempt: attempt.number)
        if recipe.changes(newest.recipe):
            reasons = {
                group: changes
                for group, way in recipes.items()
                if (changes := way.changes(newest.recipe))
            }
            due += [
                DueVersion(newest.cutoff, attempt, clock, "; ".join(changes), group)
                for attempt, (group, changes) in enumerate(
                    reasons.items(), start=newest.number + 1
                )
            ]
    return due


def _recipes(problem: Problem, recipe: Recipe) -> dict[str | None, Recipe]:
    """Return the recipe by the group that it reweighs, after the same without one."""
    if problem.reweigh is None:
        return {None: recipe}
    without = replace(problem, reweigh=None).to_json()
    return {None: replace(recipe, declaration=without), problem.reweigh: recipe}
