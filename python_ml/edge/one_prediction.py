"""Explains one published prediction, as ``goldleaf explain`` prints it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
from duckdb import ColumnExpression, ConstantExpression

from python_ml.artifact import Artifact, ArtifactError
from python_ml.edge.explain import ALL_OTHER, BASE, explained_batches, wordings_of
from python_ml.edge.score import with_entity_id
from python_ml.problem import Problem
from python_ml.reasons import DIRECTIONS, Reason, sentence

if TYPE_CHECKING:
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from python_ml.edge.published import Published

_RAW_SCORE = """
select raw_score from ml.scores
where model_id = $1 and entity_id = $2 and prediction_at = $3
"""

_SCALES = {
    "binary": "log-odds before calibration",
    "regression": "in units of the label",
}


class ExplanationError(Exception):
    """The prediction cannot be explained; the message says why."""


@dataclass(frozen=True)
class Explanation:
    """A published prediction and its reasons.

    Attributes:
        published: the prediction.
        declared: the problem as the version was trained for it.
        contributions: its rows as ``ml.explanations`` has them.
        reasons: the features among them in words, in the same order.

    """

    published: Published
    declared: Problem
    contributions: pa.Table
    reasons: list[Reason]


def explain_prediction(lake: DuckDBPyConnection, published: Published) -> Explanation:
    """Compute the reasons of a prediction from its version and its example.

    Args:
        lake: opened to read.
        published: see :func:`python_ml.edge.published.find_published`.

    Raises:
        ExplanationError: when its example is no longer what was scored.
        ArtifactError: when the version's artifact was changed after it was trained.

    """
    ((declaration, *text_and_sha256),) = lake.execute(
        "select declaration, artifact, artifact_sha256 from ml.models "
        "where model_id = $1",
        [published.model_id],
    ).fetchall()
    declared = Problem.from_json(declaration)
    try:
        artifact = Artifact.from_text(*text_and_sha256)
    except ArtifactError as error:
        raise ArtifactError(f"{published.model_id}: {error}") from None
    example = _example(lake, declared, published, artifact)
    wordings = wordings_of(published.problem, lake.table("features.registry"))
    contributions = pa.Table.from_batches(
        explained_batches(published.model_id, artifact, example.to_reader(), wordings)
    )
    _require_what_was_scored(lake, published, contributions)
    *features, _base, _all_other = contributions.to_pylist()
    reasons = [Reason(row["phrase"], row["contribution"]) for row in features]
    return Explanation(published, declared, contributions, reasons)


def as_text(explanation: Explanation) -> str:
    """Return an explanation for people: what was said, what came of it, and why."""
    published = explanation.published
    scale = _SCALES[explanation.declared.task]
    raw_score = sum(explanation.contributions["contribution"].to_pylist())
    return "\n".join(
        [
            f"{published.problem}: {published.entity_id}",
            f"  predicted  {_prediction(explanation)}: {published.predicted}",
            f"  when       {published.prediction_at} UTC, {published.prediction_time}",
            f"  by         {published.model_id}",
            f"  happened   {_outcome(published)}",
            "",
            f"Contributions to the raw score ({scale}), largest first:",
            *_lines(explanation),
            f"  {raw_score:+10.4f}  (raw score)",
            "",
            sentence(explanation.reasons, explanation.declared.task),
        ]
    )


def _example(
    lake: DuckDBPyConnection, problem: Problem, published: Published, artifact: Artifact
) -> pa.Table:
    table = f"ml.{published.problem}_dataset"
    dataset = lake.table(table)
    gone = [name for name in artifact.features if name not in dataset.columns]
    if gone:
        raise ExplanationError(
            f"{published.model_id} reads {', '.join(gone)}, which {table} no longer "
            "has: it cannot be explained from this lake's present features."
        )
    key: dict[str, str | datetime] = {
        "entity_id": published.entity_id,
        "prediction_at": published.prediction_at,
    }
    found = with_entity_id(problem, dataset)
    for column, value in key.items():
        found = found.filter(ColumnExpression(column) == ConstantExpression(value))
    example: pa.Table = found.to_arrow_table()
    if example.num_rows == 0:
        raise ExplanationError(
            f"{table} no longer has '{published.entity_id}' at "
            f"{published.prediction_at} UTC: a later delivery took it away."
        )
    return example


def _require_what_was_scored(
    lake: DuckDBPyConnection, published: Published, contributions: pa.Table
) -> None:
    """Refuse reasons of another score than the one that was published."""
    row = lake.execute(
        _RAW_SCORE, [published.model_id, published.entity_id, published.prediction_at]
    ).fetchone()
    now = sum(contributions["contribution"].to_pylist())
    if row is None or not math.isclose(now, row[0], rel_tol=1e-9, abs_tol=1e-9):
        raise ExplanationError(
            f"The example's features have changed since it was scored: its raw score "
            f"was {row[0] if row else 'not kept'}, and is {now} from what "
            f"ml.{published.problem}_dataset has now."
        )


def _prediction(explanation: Explanation) -> str:
    published = explanation.published
    if published.lower is None or published.upper is None:
        return f"{published.prediction:.1%}".replace("%", " %")
    return (
        f"{published.prediction:.1f} "
        f"({100 * explanation.declared.coverage:g} % interval: "
        f"{published.lower:.1f} to {published.upper:.1f})"
    )


def _outcome(published: Published) -> str:
    if published.label is None:
        return f"not known; it is known {published.label_known}"
    return f"{published.label:g}, known at {published.label_known_at} UTC"


def _lines(explanation: Explanation) -> list[str]:
    raises, lowers = DIRECTIONS[explanation.declared.task]
    width = max(len(raises), len(lowers))
    named = [reason.phrase for reason in explanation.reasons]
    lines = []
    for what, contribution in zip(
        [*named, BASE, ALL_OTHER],
        explanation.contributions["contribution"].to_pylist(),
        strict=True,
    ):
        direction = raises if contribution > 0 else lowers if contribution < 0 else ""
        if what == BASE:
            direction = ""
        lines.append(f"  {contribution:+10.4f}  {direction:{width}}  {what}")
    return lines
