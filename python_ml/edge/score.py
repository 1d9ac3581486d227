"""What `<problem>_scores` does: scores examples with every version, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
from dbt.adapters.events.logging import AdapterLogger

from python_ml.artifact import Artifact
from python_ml.problem import Problem
from python_ml.scoring import Scorer
from python_ml.training import THREADS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection, DuckDBPyRelation

BATCH_ROWS = 100_000
"""Examples scored at a time."""

SCORES = pa.schema(
    [
        ("model_id", pa.string()),
        ("entity_id", pa.string()),
        ("prediction_at", pa.timestamp("us")),
        ("prediction", pa.float64()),
        ("raw_score", pa.float64()),
        ("lower", pa.float64()),
        ("upper", pa.float64()),
    ]
)

_log = AdapterLogger("goldleaf")


def score(
    dbt: Any,
    session: DuckDBPyConnection,
    declaration: dict[str, Any],
    dataset: DuckDBPyRelation,
    models: DuckDBPyRelation,
) -> pa.RecordBatchReader:
    """Score each version on the examples from its calibration stretch on, once.

    An older version is thereby scored on the gate stretch of every later one, and each
    on all that came after its cut-off.

    Returns:
        :data:`SCORES` for the examples that this relation does not hold yet, a batch at
        a time: each is read and scored when the one before it was taken, so that memory
        does not grow with their number. ``session`` is busy until the last one is: take
        them with another cursor, as dbt-duckdb does; with this one it would wait for
        itself.

    """
    problem = Problem.from_declaration(declaration)
    examples = with_entity_id(problem, dataset)
    rows = models.project(
        "model_id, calibration_from_at, artifact, artifact_sha256"
    ).order("model_id")

    def batches() -> Iterator[pa.RecordBatch]:
        count = 0
        for model_id, begin, text, sha256 in rows.fetchall():
            scorer = Scorer(Artifact.from_text(text, sha256), THREADS)
            missing = examples.filter(f"prediction_at >= timestamp '{begin}'")
            if dbt.is_incremental:
                scored = session.sql(
                    f"select entity_id, prediction_at from {dbt.this}"
                    f" where model_id = '{model_id}'"
                )
                missing = missing.set_alias("examples").join(
                    scored.set_alias("scored"), "entity_id, prediction_at", how="anti"
                )
            reader = missing.to_arrow_reader(BATCH_ROWS)
            for batch in scored_batches(model_id, scorer, reader):
                count += batch.num_rows
                yield batch
            _log.info(f"{model_id}: {count:,} rows scored so far")

    return pa.RecordBatchReader.from_batches(SCORES, batches())


def with_entity_id(problem: Problem, examples: DuckDBPyRelation) -> DuckDBPyRelation:
    """Return the examples with their key as one text: its parts joined by ``|``."""
    parts = ", ".join(f"cast({column} as varchar)" for column in problem.entity)
    return examples.project(f"concat_ws('|', {parts}) as entity_id, *")


def scored_batches(
    model_id: str, scorer: Scorer, examples: pa.RecordBatchReader
) -> Iterator[pa.RecordBatch]:
    """Score examples batch by batch, so that memory does not grow with their number.

    Args:
        model_id: of the version.
        scorer: of the version.
        examples: its features, ``entity_id`` and ``prediction_at``.

    """
    for batch in examples:
        scores = scorer.score(batch)
        nothing = pa.nulls(batch.num_rows, pa.float64())
        yield pa.record_batch(
            [
                pa.repeat(pa.scalar(model_id), batch.num_rows),
                batch["entity_id"],
                batch["prediction_at"],
                pa.array(scores.prediction),
                pa.array(scores.raw_score),
                nothing if scores.lower is None else pa.array(scores.lower),
                nothing if scores.upper is None else pa.array(scores.upper),
            ],
            schema=SCORES,
        )
