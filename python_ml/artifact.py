"""A trained version as text: it can be stored in a row, hashed, and loaded as data."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import lightgbm as lgb
import numpy as np

from python_ml.encoding import Categories, encode

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa


class ArtifactError(ValueError):
    """The text of an artifact is not the one that was trained."""


@dataclass(frozen=True)
class Artifact:
    """All that scoring needs: the booster, its features, their categories."""

    booster: str
    features: tuple[str, ...]
    categories: Categories

    def to_text(self) -> str:
        """Return canonical JSON: the same artifact always gives the same text."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str, sha256: str) -> Artifact:
        """Load an artifact from its row; nothing in it is executed.

        Raises:
            ArtifactError: when the text does not have this hash.

        """
        found = sha256_of(text)
        if found != sha256:
            raise ArtifactError(
                f"the artifact's hash is {found}, its row says {sha256}: it was changed"
                " after it was trained. Build a fresh lake, or restore a snapshot."
            )
        content = json.loads(text)
        return cls(
            content["booster"], tuple(content["features"]), content["categories"]
        )


class Scorer:
    """An artifact made ready to score."""

    def __init__(self, artifact: Artifact, threads: int) -> None:
        """Load the booster, to score on this many threads."""
        self._artifact = artifact
        self._booster = lgb.Booster(model_str=artifact.booster)
        self._threads = threads

    def score(self, examples: pa.Table | pa.RecordBatch) -> npt.NDArray[np.float64]:
        """Return one prediction per example; for a binary task, a probability."""
        matrix = encode(examples, self._artifact.features, self._artifact.categories)
        scores = self._booster.predict(matrix, num_threads=self._threads)
        return np.asarray(scores, dtype=np.float64)


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def code_sha256() -> str:
    """Return the hash of the modules that choose rows, fit and store a version."""
    modules = ("artifact", "encoding", "problem", "stretches", "training", "edge/train")
    folder = Path(__file__).parent
    return sha256_of("\n".join((folder / f"{name}.py").read_text() for name in modules))
