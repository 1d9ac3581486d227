"""A trained version as text: it can be stored in a row, hashed, and loaded as data."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from python_ml.encoding import Categories


class ArtifactError(ValueError):
    """The text of an artifact is not the one that was trained."""


@dataclass(frozen=True)
class Calibrator:
    """A logistic curve over the raw score: monotone, so that no rank changes.

    Source: Platt, Probabilistic outputs for support vector machines (1999).
    """

    slope: float = 1.0
    intercept: float = 0.0


@dataclass(frozen=True)
class Artifact:
    """All that scoring needs.

    Attributes:
        boosters: LightGBM's text of each; ``probability`` for a binary task;
            ``median``, ``lower`` and ``upper`` for a regression. The first one is what
            is explained.
        features: the columns in the order in which the boosters read them.
        categories: the names that each categorical feature may have.
        calibrator: of the probability; none when the raw one was better.

    """

    boosters: Mapping[str, str]
    features: tuple[str, ...]
    categories: Categories
    calibrator: Calibrator | None = None

    def to_text(self) -> str:
        """Return JSON; the same artifact always gives the same text."""
        return json.dumps(asdict(self), ensure_ascii=False)

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
        calibrator = content["calibrator"]
        return cls(
            content["boosters"],
            tuple(content["features"]),
            content["categories"],
            Calibrator(**calibrator) if calibrator else None,
        )


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def code_sha256() -> str:
    """Return the hash of the modules that choose rows, fit and store a version."""
    modules = (
        "artifact",
        "declaration",
        "encoding",
        "problem",
        "reweighing",
        "scoring",
        "stretches",
        "training",
        "edge/train",
    )
    folder = Path(__file__).parent
    return sha256_of("\n".join((folder / f"{name}.py").read_text() for name in modules))
