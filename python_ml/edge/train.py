"""What `<problem>_models` does: trains the versions that are due and missing."""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from importlib.metadata import version
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from dbt.adapters.events.logging import AdapterLogger

from python_ml.artifact import code_sha256, sha256_of
from python_ml.inspection import contribution_error, importances
from python_ml.problem import Problem
from python_ml.schedule import Attempt, DueVersion, Recipe, due_versions
from python_ml.stretches import Stretches
from python_ml.training import THREADS, NotTrainableError, train_version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from duckdb import DuckDBPyConnection, DuckDBPyRelation

    from python_ml.training import TrainedVersion

LIBRARIES = ("duckdb", "lightgbm", "numpy", "pyarrow", "scikit-learn")

_log = AdapterLogger("goldleaf")

_MODELS = pa.schema(
    [
        ("model_id", pa.string()),
        ("problem", pa.string()),
        ("cutoff_at", pa.timestamp("us")),
        ("attempt", pa.int64()),
        ("available_at", pa.timestamp("us")),
        ("trained_because", pa.string()),
        ("calibration_from_at", pa.timestamp("us")),
        ("gate_from_at", pa.timestamp("us")),
        ("trained_rows", pa.int64()),
        ("calibration_rows", pa.int64()),
        ("iterations", pa.int64()),
        ("is_calibrated", pa.bool_()),
        ("feature_names", pa.list_(pa.string())),
        ("declaration", pa.string()),
        ("seed", pa.int64()),
        (
            "training_curves",
            pa.list_(
                pa.struct(
                    [
                        ("booster", pa.string()),
                        ("iteration", pa.int64()),
                        ("stretch", pa.string()),
                        ("metric", pa.string()),
                        ("value", pa.float64()),
                    ]
                )
            ),
        ),
        (
            "importances",
            pa.list_(
                pa.struct(
                    [
                        ("feature", pa.string()),
                        ("gain", pa.float64()),
                        ("permutation", pa.float64()),
                    ]
                )
            ),
        ),
        ("contribution_error", pa.float64()),
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
    features = problem.features(dataset.columns)
    recipe = Recipe(problem.to_json(), features, code_sha256())
    clock_at = _clock_at(clock)
    trained = _attempts(session, dbt) if dbt.is_incremental else []
    due = [] if clock_at is None else due_versions(problem, clock_at, recipe, trained)
    _log.info(
        f"{problem.name}: {len(trained)} versions trained before, {len(due)} to train"
    )
    snapshot = _lake_snapshot(session, dbt.this.database)
    versions = []
    for version_ in due:
        what = f"{problem.name} {version_.cutoff:%Y-%m-%d}"
        declared = replace(problem, reweigh=version_.reweigh)
        try:
            row = _train_one(declared, version_, recipe, dataset, labels)
        except NotTrainableError as reason:
            _log.warning(f"{what}: not trained, {reason}")
            continue
        versions.append({**row, "lake_snapshot": snapshot})
        _log.info(
            f"{what}: trained on {row['trained_rows']:,} rows, {row['iterations']} "
            f"trees, {row['fit_seconds']:.1f} s ({version_.because})"
        )
    return pa.Table.from_pylist(versions, schema=_MODELS)


def _train_one(
    problem: Problem,
    due: DueVersion,
    recipe: Recipe,
    dataset: DuckDBPyRelation,
    labels: DuckDBPyRelation,
) -> dict[str, Any]:
    started = time.monotonic()
    stretches = Stretches.before(due.cutoff, problem)
    version_, (fit, calibration, gate) = train_on(
        problem, stretches, recipe.features, dataset, labels
    )
    artifact = version_.artifact.to_text()
    sha256 = sha256_of(artifact)
    looked_into = (version_.artifact, gate, problem.seed, THREADS)
    again = f"-{due.attempt}" if due.attempt > 1 else ""
    return {
        "model_id": f"{problem.name}-{due.cutoff:%Y-%m-%d}-{sha256[:8]}{again}",
        "problem": problem.name,
        "cutoff_at": due.cutoff,
        "attempt": due.attempt,
        "available_at": due.available_at,
        "trained_because": due.because,
        "calibration_from_at": stretches.calibration_from,
        "gate_from_at": stretches.gate_from,
        "trained_rows": fit.num_rows,
        "calibration_rows": calibration.num_rows,
        "iterations": version_.iterations,
        "is_calibrated": version_.artifact.calibrator is not None,
        "feature_names": list(recipe.features),
        "declaration": problem.to_json(),
        "seed": problem.seed,
        "training_curves": [asdict(point) for point in version_.curves],
        "importances": [asdict(feature) for feature in importances(*looked_into)],
        "contribution_error": contribution_error(*looked_into),
        "artifact": artifact,
        "artifact_sha256": sha256,
        "code_sha256": recipe.code_sha256,
        "library_versions": library_versions(),
        "fit_seconds": time.monotonic() - started,
    }


def train_on(
    problem: Problem,
    stretches: Stretches,
    features: Sequence[str],
    dataset: DuckDBPyRelation,
    labels: DuckDBPyRelation,
) -> tuple[TrainedVersion, list[pa.Table]]:
    """Train a version on the labelled examples of its stretches.

    Returns the version, and the examples of fit, calibration and gate.

    Raises:
        NotTrainableError: when they cannot train a version.

    """
    examples = labelled_examples(problem, dataset, labels, stretches.ends())
    fit, calibration, _ = examples
    version_ = train_version(
        problem, features, fit, calibration, stretches.calibrator_check_from, THREADS
    )
    return version_, examples


def library_versions() -> str:
    """Return name and version of each library that decides an artifact."""
    return ", ".join(f"{name} {version(name)}" for name in LIBRARIES)


def _attempts(session: DuckDBPyConnection, dbt: Any) -> list[Attempt]:
    rows = session.execute(
        "select cutoff_at, attempt, declaration, feature_names, code_sha256"
        f" from {dbt.this} order by cutoff_at, attempt"
    ).fetchall()
    return [
        Attempt(cutoff, number, Recipe(declaration, tuple(features), code))
        for cutoff, number, declaration, features, code in rows
    ]


def labelled_examples(
    problem: Problem,
    dataset: DuckDBPyRelation,
    labels: DuckDBPyRelation,
    ends: Sequence[datetime],
) -> list[pa.Table]:
    """Return the examples of stretches that follow one another, in order, with labels.

    A label is the last one known before its stretch ended. All are read at once: the
    dataset is joined and sorted once, not once for each stretch.

    Args:
        problem: the declaration.
        dataset: one row per example with its features.
        labels: every version of every label with the instant it became known.
        ends: of the stretches, ascending; the first holds everything before its end.

    """
    key = ", ".join(problem.key())
    end_of_stretch = "\n".join(
        f"when prediction_at < timestamp '{end}' then timestamp '{end}'" for end in ends
    )
    known = labels.filter(f"label_known_at < case {end_of_stretch} end").query(
        "known",
        f"""
        select {key}, label from known
        qualify row_number() over (partition by {key} order by label_known_at desc) = 1
        """,
    )
    examples = (
        dataset.project("* exclude (label, label_known_at)")
        .filter(f"prediction_at < timestamp '{ends[-1]}'")
        .set_alias("examples")
        .join(known.set_alias("known"), key)
        .filter("label is not null")
        .order(f"prediction_at, {', '.join(problem.entity)}")
        .to_arrow_table()
    )
    found = np.searchsorted(
        examples["prediction_at"].to_numpy(), np.array(ends, "datetime64[us]")
    )
    places = [0, *found.tolist()]
    return [examples.slice(begin, end - begin) for begin, end in pairwise(places)]


def _clock_at(clock: DuckDBPyRelation) -> datetime | None:
    """Return the instant of the clock; dbt's --empty gives none."""
    row = clock.fetchone()
    return row[0] if row else None


def _lake_snapshot(session: DuckDBPyConnection, database: str) -> int | None:
    row = session.execute(
        f"select max(snapshot_id) from ducklake_snapshots('{database}')"
    ).fetchone()
    return row[0] if row else None
