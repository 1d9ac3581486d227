"""What `<problem>_models` does: trains the versions that are due and missing."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from dbt.adapters.events.logging import AdapterLogger

from python_ml.artifact import code_sha256, sha256_of
from python_ml.problem import Problem
from python_ml.stretches import Stretches
from python_ml.training import THREADS, NotTrainableError, train_version

if TYPE_CHECKING:
    from datetime import datetime

    from duckdb import DuckDBPyConnection, DuckDBPyRelation

LIBRARIES = ("duckdb", "lightgbm", "numpy", "pyarrow")

_log = AdapterLogger("goldleaf")

_MODELS = pa.schema(
    [
        ("model_id", pa.string()),
        ("problem", pa.string()),
        ("cutoff_at", pa.timestamp("us")),
        ("calibration_from_at", pa.timestamp("us")),
        ("gate_from_at", pa.timestamp("us")),
        ("trained_rows", pa.int64()),
        ("calibration_rows", pa.int64()),
        ("iterations", pa.int64()),
        ("feature_names", pa.list_(pa.string())),
        ("declaration", pa.string()),
        ("seed", pa.int64()),
        ("artifact", pa.string()),
        ("artifact_sha256", pa.string()),
        ("lake_snapshot", pa.int64()),
        ("code_sha256", pa.string()),
        ("library_versions", pa.string()),
        ("fit_seconds", pa.float64()),
    ]
)


def train(
    dbt: Any,
    session: DuckDBPyConnection,
    declaration: dict[str, Any],
    dataset: DuckDBPyRelation,
    labels: DuckDBPyRelation,
    clock: DuckDBPyRelation,
) -> pa.Table:
    """Train the versions that are due at the clock and missing: one row each.

    Args:
        dbt: dbt's own object; says whether rows exist already, and where.
        session: the connection to the lake.
        declaration: of the problem (:class:`python_ml.problem.Problem`).
        dataset: one row per example with its features.
        labels: every version of every label with the instant it became known.
        clock: one row, ``clock_at``; nothing after it is read.

    """
    problem = Problem.from_declaration(declaration)
    clock_at = _clock_at(clock)
    trained = set[Any]()
    if dbt.is_incremental:
        rows = session.execute(f"select cutoff_at from {dbt.this}").fetchall()
        trained = {cutoff for (cutoff,) in rows}
    due = [] if clock_at is None else problem.due_cutoffs(clock_at)
    missing = [cutoff for cutoff in due if cutoff not in trained]
    _log.info(
        f"{problem.name}: {len(due)} cut-offs due, {len(missing)} versions to train"
    )
    snapshot = _lake_snapshot(session, dbt.this.database)
    versions = []
    for cutoff in missing:
        try:
            versions.append(_train_one(problem, cutoff, dataset, labels, snapshot))
        except NotTrainableError as reason:
            _log.warning(f"{problem.name} {cutoff:%Y-%m-%d}: not trained, {reason}")
    return pa.Table.from_pylist(versions, schema=_MODELS)


def _train_one(
    problem: Problem,
    cutoff: datetime,
    dataset: DuckDBPyRelation,
    labels: DuckDBPyRelation,
    snapshot: int | None,
) -> dict[str, Any]:
    started = time.monotonic()
    stretches = Stretches.before(cutoff, problem)
    features = problem.features(dataset.columns)
    fit = labelled_examples(problem, dataset, labels, None, stretches.calibration_from)
    calibration = labelled_examples(
        problem, dataset, labels, stretches.calibration_from, stretches.gate_from
    )
    version_ = train_version(problem, features, fit, calibration, THREADS)
    artifact = version_.artifact.to_text()
    sha256 = sha256_of(artifact)
    seconds = time.monotonic() - started
    _log.info(
        f"{problem.name} {cutoff:%Y-%m-%d}: {fit.num_rows:,} rows, "
        f"{version_.iterations} trees, {seconds:.1f} s"
    )
    return {
        "model_id": f"{problem.name}-{cutoff:%Y-%m-%d}-{sha256[:8]}",
        "problem": problem.name,
        "cutoff_at": cutoff,
        "calibration_from_at": stretches.calibration_from,
        "gate_from_at": stretches.gate_from,
        "trained_rows": fit.num_rows,
        "calibration_rows": calibration.num_rows,
        "iterations": version_.iterations,
        "feature_names": list(features),
        "declaration": json.dumps(asdict(problem), sort_keys=True, default=str),
        "seed": problem.seed,
        "artifact": artifact,
        "artifact_sha256": sha256,
        "lake_snapshot": snapshot,
        "code_sha256": code_sha256(),
        "library_versions": ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
        "fit_seconds": seconds,
    }


def labelled_examples(
    problem: Problem,
    dataset: DuckDBPyRelation,
    labels: DuckDBPyRelation,
    start: datetime | None,
    end: datetime,
) -> pa.Table:
    """Return the examples of a stretch, in order, with their labels.

    A label is the last one known before the stretch ended; without a start, the stretch
    holds everything before its end.
    """
    key = ", ".join(problem.key())
    known = labels.filter(f"label_known_at < timestamp '{end}'").query(
        "known",
        f"""
        select {key}, label from known
        qualify row_number() over (partition by {key} order by label_known_at desc) = 1
        """,
    )
    begun = f"prediction_at >= timestamp '{start}' and " if start else ""
    stretch = dataset.project("* exclude (label, label_known_at)").filter(
        f"{begun}prediction_at < timestamp '{end}'"
    )
    return (
        stretch.set_alias("stretch")
        .join(known.set_alias("known"), key)
        .filter("label is not null")
        .order(f"prediction_at, {', '.join(problem.entity)}")
        .to_arrow_table()
    )


def _clock_at(clock: DuckDBPyRelation) -> datetime | None:
    """Return the instant of the clock; dbt's --empty gives none."""
    row = clock.fetchone()
    return row[0] if row else None


def _lake_snapshot(session: DuckDBPyConnection, database: str) -> int | None:
    row = session.execute(
        f"select max(snapshot_id) from ducklake_snapshots('{database}')"
    ).fetchone()
    return row[0] if row else None
