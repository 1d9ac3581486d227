"""Finds one published prediction, and says what there is if it is not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from python_ml.edge.lake import require_built

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from duckdb import DuckDBPyConnection

_PUBLISHED = """
select
    problems.problem,
    entity_id,
    prediction_at,
    model_id,
    prediction,
    lower,
    upper,
    predictions.label,
    label_known_at,
    problems.label as predicted,
    prediction_time,
    label_known
from ml.predictions as predictions
inner join ml.problems as problems using (problem)
where problem = $1 and entity_id = $2
order by prediction_at
"""


class UnpublishedError(Exception):
    """There is no such prediction; the message says which there are."""


@dataclass(frozen=True)
class Published:
    """A row of ``ml.predictions``, and what ``ml.problems`` says of it in words."""

    problem: str
    entity_id: str
    prediction_at: datetime
    model_id: str
    prediction: float
    lower: float | None
    upper: float | None
    label: float | None
    label_known_at: datetime | None
    predicted: str
    prediction_time: str
    label_known: str


def find_published(
    lake: DuckDBPyConnection, problem: str, entity_id: str, at: datetime | None
) -> Published:
    """Return a published prediction.

    Args:
        lake: opened to read.
        problem: the prediction problem.
        entity_id: the key of the entity, its parts joined by ``|``.
        at: its ``prediction_at`` (UTC); none for the latest one published.

    Raises:
        UnpublishedError: when there is no such prediction.
        LakeError: when nothing is built in the lake yet.

    """
    require_built(lake)
    problems = dict(
        lake.execute("select problem, entity from ml.problems order by all").fetchall()
    )
    if problem not in problems:
        raise UnpublishedError(
            f"There is no problem '{problem}': ml.problems has {', '.join(problems)}."
        )
    rows = lake.execute(_PUBLISHED, [problem, entity_id]).fetchall()
    published = [Published(*row) for row in rows]
    if not published:
        raise UnpublishedError(_no_such_entity(lake, problem, problems, entity_id))
    for found in reversed(published):
        if at in (None, found.prediction_at):
            return found
    instants = ", ".join(str(found.prediction_at) for found in published)
    raise UnpublishedError(
        f"{problem} published nothing about '{entity_id}' at {at} UTC, "
        f"but at {instants}."
    )


def _no_such_entity(
    lake: DuckDBPyConnection,
    problem: str,
    problems: Mapping[str, list[str]],
    entity_id: str,
) -> str:
    ((first, last, example),) = lake.execute(
        "select min(prediction_at), max(prediction_at), max(entity_id) "
        "from ml.predictions where problem = $1",
        [problem],
    ).fetchall()
    if example is None:
        return f"{problem} has published nothing yet: no version is in force."
    return (
        f"{problem} published nothing about '{entity_id}'. What it published is from "
        f"{first} to {last} UTC; an entity_id is {'|'.join(problems[problem])}, "
        f"such as '{example}'."
    )
