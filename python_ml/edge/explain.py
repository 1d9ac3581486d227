"""What `<problem>_explanations` does: the reasons of what was published lately."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from dbt.adapters.events.logging import AdapterLogger

from python_ml.artifact import Artifact
from python_ml.edge.score import with_entity_id
from python_ml.problem import Problem
from python_ml.reasons import Wording, phrase
from python_ml.scoring import Scorer
from python_ml.training import THREADS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from duckdb import DuckDBPyConnection, DuckDBPyRelation

DAYS = 28
"""Predictions of this many days before the clock are explained."""

REASONS = 5
"""Features named for each prediction; the others are added up."""

BASE, ALL_OTHER = "(base)", "(all other)"

BATCH_ROWS = 5_000
"""Examples explained at a time."""

EXPLANATIONS = pa.schema(
    [
        ("model_id", pa.string()),
        ("entity_id", pa.string()),
        ("prediction_at", pa.timestamp("us")),
        ("rank", pa.int64()),
        ("feature", pa.string()),
        ("value", pa.string()),
        ("phrase", pa.string()),
        ("contribution", pa.float64()),
    ]
)

_log = AdapterLogger("goldleaf")


def explain(
    dbt: Any,
    session: DuckDBPyConnection,
    declaration: dict[str, Any],
    dataset: DuckDBPyRelation,
    models: DuckDBPyRelation,
    predictions: DuckDBPyRelation,
    registry: DuckDBPyRelation,
    clock: DuckDBPyRelation,
) -> pa.RecordBatchReader:
    """Explain the published predictions of the last days before the clock, once.

    Returns:
        :data:`EXPLANATIONS`, seven rows a prediction, a batch at a time. As with
        :func:`python_ml.edge.score.score`, ``session`` is busy until the last one.

    Raises:
        PhraseError: when a phrase of ``features.registry`` cannot be filled.

    """
    problem = Problem.from_declaration(declaration)
    clock_at = clock.fetchone()
    if clock_at is None:
        return pa.RecordBatchReader.from_batches(EXPLANATIONS, [])
    wanted = predictions.filter(
        f"prediction_at >= timestamp '{clock_at[0]}' - interval {DAYS} day"
    ).project("model_id, entity_id, prediction_at")
    if dbt.is_incremental:
        explained = session.sql(f"select entity_id, prediction_at from {dbt.this}")
        wanted = wanted.set_alias("wanted").join(
            explained.set_alias("explained"), "entity_id, prediction_at", how="anti"
        )
    examples = with_entity_id(problem, dataset).set_alias("examples")
    wordings = wordings_of(problem.name, registry)
    rows = models.project("model_id, artifact, artifact_sha256").order("model_id")

    def batches() -> Iterator[pa.RecordBatch]:
        count = 0
        for model_id, text, sha256 in rows.fetchall():
            of_version = wanted.filter(f"model_id = '{model_id}'").project(
                "entity_id, prediction_at"
            )
            found = examples.join(
                of_version.set_alias("wanted"), "entity_id, prediction_at"
            ).order("prediction_at, entity_id")
            artifact = Artifact.from_text(text, sha256)
            reader = found.to_arrow_reader(BATCH_ROWS)
            for batch in explained_batches(model_id, artifact, reader, wordings):
                count += batch.num_rows
                yield batch
        _log.info(f"{problem.name}: {count:,} reasons")

    return pa.RecordBatchReader.from_batches(EXPLANATIONS, batches())


def wordings_of(problem: str, registry: DuckDBPyRelation) -> dict[str, Wording]:
    """Return how the features of a problem are put into words.

    Args:
        problem: its name.
        registry: ``features.registry``.

    """
    # A feature stands in its own table and in that of the examples: the phrase wins.
    rows = (
        registry.filter(f"list_contains(string_split(used_by, ', '), '{problem}')")
        .order("phrase is not null, feature_table")
        .project("feature, unit, phrase, phrase_if_null")
    )
    return {feature: Wording(*words) for feature, *words in rows.fetchall()}


def explained_batches(
    model_id: str,
    artifact: Artifact,
    examples: pa.RecordBatchReader,
    wordings: Mapping[str, Wording],
) -> Iterator[pa.RecordBatch]:
    """Explain examples batch by batch.

    Args:
        model_id: of the version.
        artifact: of the version.
        examples: its features, ``entity_id`` and ``prediction_at``.
        wordings: of the features, see :func:`wordings_of`.

    Raises:
        PhraseError: when a phrase cannot be filled.

    """
    scorer = Scorer(artifact, THREADS)
    for batch in examples:
        if batch.num_rows:
            yield _reasons(model_id, artifact, scorer, batch, wordings)


def _reasons(
    model_id: str,
    artifact: Artifact,
    scorer: Scorer,
    batch: pa.RecordBatch,
    wordings: Mapping[str, Wording],
) -> pa.RecordBatch:
    contributions = scorer.contributions(batch)
    of_features = contributions[:, :-1]
    order = np.argsort(-np.abs(of_features), axis=1, kind="stable")[:, :REASONS]
    named = np.take_along_axis(of_features, order, axis=1)
    # What is left is added up, not taken from the score: that they agree is tested.
    left = of_features.copy()
    np.put_along_axis(left, order, 0.0, axis=1)
    found = np.column_stack([named, contributions[:, -1], left.sum(axis=1)])
    reasons = found.shape[1]
    names = np.array([*artifact.features, BASE, ALL_OTHER], dtype=object)
    last_two = np.tile(np.arange(2) + len(artifact.features), (batch.num_rows, 1))
    which = np.column_stack([order, last_two])
    values = np.full((batch.num_rows, len(names)), None, dtype=object)
    for place, feature in enumerate(artifact.features):
        values[:, place] = pc.cast(batch[feature], pa.string()).to_pylist()
    rows = pa.array(np.repeat(np.arange(batch.num_rows), reasons))
    return pa.record_batch(
        [
            pa.repeat(pa.scalar(model_id), batch.num_rows * reasons),
            batch["entity_id"].take(rows),
            batch["prediction_at"].take(rows),
            pa.array(np.tile(np.arange(1, reasons + 1), batch.num_rows)),
            pa.array(names[which].ravel(), pa.string()),
            pa.array(np.take_along_axis(values, which, axis=1).ravel(), pa.string()),
            pa.array(_phrases(batch, names[order], wordings), pa.string()),
            pa.array(found.ravel()),
        ],
        schema=EXPLANATIONS,
    )


def _phrases(
    batch: pa.RecordBatch, named: np.ndarray, wordings: Mapping[str, Wording]
) -> list[str | None]:
    """Return in words what each row of the reasons says; the last two say nothing."""
    phrases: list[str | None] = []
    for example, features in zip(batch.to_pylist(), named, strict=True):
        phrases += [phrase(feature, wordings, example) for feature in features]
        phrases += [None, None]
    return phrases
