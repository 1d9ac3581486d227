"""What `<problem>_scores` does: scores examples with every version, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
from dbt.adapters.events.logging import AdapterLogger

from python_ml.artifact import Artifact, Scorer
from python_ml.problem import Problem
from python_ml.training import THREADS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection, DuckDBPyRelation

BATCH_ROWS = 100_000
"""Examples scored at a time."""

_log = AdapterLogger("goldleaf")


def score(
    dbt: Any,
    session: DuckDBPyConnection,
    declaration: dict[str, Any],
    dataset: DuckDBPyRelation,
    models: DuckDBPyRelation,
) -> pa.Table:
    """Score each version on the examples from its calibration stretch on, once.

    An older version is thereby scored on the gate stretch of every later one, and each
    on all that came after its cut-off. Returns ``model_id``, the key and
    ``prediction`` of the examples that this relation does not hold yet.
    """
    problem = Problem.from_declaration(declaration)
    key = ", ".join(problem.key())
    rows = models.project(
        "model_id, calibration_from_at, artifact, artifact_sha256"
    ).order("model_id")
    batches: list[pa.RecordBatch] = []
    for model_id, begin, text, sha256 in rows.fetchall():
        scorer = Scorer(Artifact.from_text(text, sha256), THREADS)
        examples = dataset.filter(f"prediction_at >= timestamp '{begin}'")
        if dbt.is_incremental:
            scored = session.sql(
                f"select {key} from {dbt.this} where model_id = '{model_id}'"
            )
            examples = examples.set_alias("examples").join(
                scored.set_alias("scored"), key, how="anti"
            )
        batches += _scored_batches(problem, model_id, examples, scorer)
        _log.info(
            f"{model_id}: {sum(b.num_rows for b in batches):,} rows scored so far"
        )
    empty = dataset.project(f"'' as model_id, {key}, 0.0::double as prediction").limit(
        0
    )
    return pa.Table.from_batches(batches, schema=empty.to_arrow_table().schema)


def _scored_batches(
    problem: Problem, model_id: str, examples: DuckDBPyRelation, scorer: Scorer
) -> Iterator[pa.RecordBatch]:
    for batch in examples.fetch_arrow_reader(BATCH_ROWS):
        yield pa.record_batch(
            [
                pa.repeat(pa.scalar(model_id), batch.num_rows),
                *(batch[name] for name in problem.key()),
                pa.array(scorer.score(batch)),
            ],
            names=["model_id", *problem.key(), "prediction"],
        )
