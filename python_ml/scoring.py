"""Scores and explains examples with a trained version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import lightgbm as lgb
import numpy as np
import numpy.typing as npt

from python_ml.encoding import encode

if TYPE_CHECKING:
    import pyarrow as pa

    from python_ml.artifact import Artifact, Calibrator

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """What a version says of ``n`` examples; each a vector of shape (n,).

    Attributes:
        prediction: a probability, or the median in units of the label.
        raw_score: what the contributions of the features add up to: log-odds before
            calibration, or the median itself.
        lower: lower end of the interval; none for a binary task.
        upper: upper end of the interval; none for a binary task.

    """

    prediction: Vector
    raw_score: Vector
    lower: Vector | None = None
    upper: Vector | None = None


class Scorer:
    """An artifact made ready to score."""

    def __init__(self, artifact: Artifact, threads: int) -> None:
        """Load the boosters, to score on this many threads."""
        self._artifact = artifact
        self._threads = threads
        self._boosters = {
            name: lgb.Booster(model_str=text)
            for name, text in artifact.boosters.items()
        }
        self._first = next(iter(self._boosters))

    @property
    def is_binary(self) -> bool:
        """Whether the predictions are probabilities."""
        return "probability" in self._boosters

    def score(self, examples: pa.Table | pa.RecordBatch) -> Scores:
        """Return what the version says of each example; intervals never cross."""
        matrix = self._encode(examples)
        raw_score = self._raw_score(self._first, matrix)
        if self.is_binary:
            return Scores(self._probability(raw_score), raw_score)
        lower = np.minimum(self._raw_score("lower", matrix), raw_score)
        upper = np.maximum(self._raw_score("upper", matrix), raw_score)
        return Scores(raw_score, raw_score, lower, upper)

    def prediction(self, examples: pa.Table | pa.RecordBatch) -> Vector:
        """Return the predictions alone, without an interval."""
        raw_score = self._raw_score(self._first, self._encode(examples))
        return self._probability(raw_score) if self.is_binary else raw_score

    def contributions(self, examples: pa.Table | pa.RecordBatch) -> Vector:
        """Return each feature's part of the raw score (exact Shapley values of trees).

        Shape (examples, features + 1); the last column is the base. Source: Lundberg
        and others, From local explanations to global understanding with explainable AI
        for trees (2020), as LightGBM implements it.
        """
        if examples.num_rows == 0:  # which LightGBM divides by
            return np.empty((0, len(self._artifact.features) + 1))
        found = self._boosters[self._first].predict(
            self._encode(examples), pred_contrib=True, num_threads=self._threads
        )
        return np.asarray(found, dtype=np.float64)

    def gains(self) -> Vector:
        """Return what each feature's splits gained in training; shape (features,)."""
        gains = self._boosters[self._first].feature_importance("gain")
        return np.asarray(gains, dtype=np.float64)

    def _probability(self, raw_score: Vector) -> Vector:
        return probability(raw_score, self._artifact.calibrator)

    def _raw_score(self, booster: str, matrix: pa.Table) -> Vector:
        found = self._boosters[booster].predict(
            matrix, raw_score=True, num_threads=self._threads
        )
        return np.asarray(found, dtype=np.float64)

    def _encode(self, examples: pa.Table | pa.RecordBatch) -> pa.Table:
        return encode(examples, self._artifact.features, self._artifact.categories)


def probability(raw_score: Vector, calibrator: Calibrator | None) -> Vector:
    """Return the probabilities of log-odds, calibrated if there is a calibrator."""
    if calibrator:
        raw_score = calibrator.slope * raw_score + calibrator.intercept
    return 1 / (1 + np.exp(-raw_score))
