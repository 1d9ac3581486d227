"""Trains a version again from its row, as ``goldleaf reproduce`` does."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from python_ml.artifact import Artifact, code_sha256, sha256_of
from python_ml.edge.lake import problem_of, require_built
from python_ml.edge.train import library_versions, train_on
from python_ml.problem import Problem
from python_ml.stretches import Stretches

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from duckdb import DuckDBPyConnection


class ReproductionError(Exception):
    """The version cannot be trained again; the message says why."""


@dataclass(frozen=True)
class StoredVersion:
    """What a row of ``ml.models`` says of how a version was made."""

    model_id: str
    problem: str
    cutoff_at: datetime
    declaration: str
    feature_names: list[str]
    artifact: str
    artifact_sha256: str
    lake_snapshot: int
    code_sha256: str
    library_versions: str

    def changes_since(self) -> list[str]:
        """Return in words what of the code and the libraries is not as it was."""
        changes = []
        code = code_sha256()
        if code != self.code_sha256:
            changes.append(
                f"training code: {self.code_sha256[:8]} then, {code[:8]} now"
            )
        then, now = (
            dict(library.split(" ") for library in versions.split(", "))
            for versions in (self.library_versions, library_versions())
        )
        changes += [
            f"{library}: {then.get(library)} then, {now.get(library)} now"
            for library in {**then, **now}
            if then.get(library) != now.get(library)
        ]
        return changes


@dataclass(frozen=True)
class Reproduction:
    """What came of training a version again.

    Attributes:
        artifact_sha256: of the artifact now.
        differences: in words, what of features and artifact is not as it was.

    """

    artifact_sha256: str
    differences: list[str]


def stored_version(lake: DuckDBPyConnection, model_id: str) -> StoredVersion:
    """Return the row of a version whose data the lake still has.

    Raises:
        LakeError: when there is no such version, or nothing is built yet.
        ReproductionError: when the lake has let go of the snapshot.

    """
    require_built(lake)
    problem_of(lake, model_id)
    columns = ", ".join(field.name for field in fields(StoredVersion))
    (row,) = lake.execute(
        f"select {columns} from ml.models where model_id = $1", [model_id]
    ).fetchall()
    version = StoredVersion(*row)
    kept = [
        snapshot
        for (snapshot,) in lake.execute(
            "select snapshot_id from ducklake_snapshots('lake') order by all"
        ).fetchall()
    ]
    if version.lake_snapshot not in kept:
        raise ReproductionError(
            f"{model_id} was trained on snapshot {version.lake_snapshot} of the lake, "
            f"which has expired: kept are {len(kept)}, from {kept[0]} to {kept[-1]}. "
            "What it was trained on can no longer be read."
        )
    return version


def reproduce(lake: DuckDBPyConnection, version: StoredVersion) -> Reproduction:
    """Train a version again on the rows that the lake had then, as dbt did.

    Args:
        lake: opened to read.
        version: see :func:`stored_version`.

    Raises:
        ArtifactError: when the stored artifact was changed after it was trained.
        DeclarationError: when this code does not understand the declaration.
        NotTrainableError: when this code finds no examples to train on.

    """
    stored = Artifact.from_text(version.artifact, version.artifact_sha256)
    problem = Problem.from_json(version.declaration)
    dataset, labels = (
        lake.sql(
            f"from ml.{version.problem}_{kind} at (version => {version.lake_snapshot})"
        )
        for kind in ("dataset", "labels")
    )
    features = problem.features(dataset.columns)
    stretches = Stretches.before(version.cutoff_at, problem)
    trained, _ = train_on(problem, stretches, features, dataset, labels)
    again = trained.artifact
    return Reproduction(
        sha256_of(again.to_text()),
        [
            *_differing_features(version.feature_names, features),
            *_differing_parts(stored, again),
        ],
    )


def _differing_features(then: Sequence[str], now: Sequence[str]) -> list[str]:
    if list(then) == list(now):
        return []
    only_then = [name for name in then if name not in now]
    only_now = [name for name in now if name not in then]
    if not only_then and not only_now:
        return ["features: in another order"]
    return [
        f"features: only then {', '.join(only_then) or 'none'}; "
        f"only now {', '.join(only_now) or 'none'}"
    ]


def _differing_parts(then: Artifact, now: Artifact) -> list[str]:
    parts = [
        *(
            f"booster {name}"
            for name in {**then.boosters, **now.boosters}
            if then.boosters.get(name) != now.boosters.get(name)
        ),
        *(
            name
            for name in ("categories", "calibrator")
            if getattr(then, name) != getattr(now, name)
        ),
    ]
    return [f"artifact: {', '.join(parts)}"] if parts else []
