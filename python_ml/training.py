"""Fits one version of a model, the same way every time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import lightgbm as lgb
import pyarrow.compute as pc

from python_ml.artifact import Artifact
from python_ml.encoding import encode, learn_categories

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from python_ml.problem import Problem


THREADS = 2
"""LightGBM's threads; with dbt's one thread, the cores the project is measured on."""


class NotTrainableError(ValueError):
    """The examples cannot train a version; the message says what they lack."""


@dataclass(frozen=True)
class TrainedVersion:
    """An artifact and how many trees early stopping kept."""

    artifact: Artifact
    iterations: int


def train_version(
    problem: Problem,
    features: Sequence[str],
    fit: pa.Table,
    calibration: pa.Table,
    threads: int,
) -> TrainedVersion:
    """Fit LightGBM on one stretch and stop early on the next.

    Args:
        problem: the declaration.
        features: columns of the two tables that the model may read.
        fit: labelled examples in a fixed order; categories are learnt from these alone.
        calibration: labelled examples of the stretch that follows.
        threads: LightGBM's threads; the same number gives the same artifact.

    Raises:
        NotTrainableError: when a stretch holds no example, or the fit only one class.

    """
    for name, examples in (("fit", fit), ("calibration", calibration)):
        if examples.num_rows == 0:
            raise NotTrainableError(f"the {name} stretch holds no labelled example")
    if pc.count_distinct(fit["label"]).as_py() < 2:
        raise NotTrainableError("the fit stretch holds only one class")

    categories = learn_categories(fit, problem.categorical)
    train_set = lgb.Dataset(
        encode(fit, features, categories),
        label=fit["label"].cast("float32"),
        feature_name=list(features),
        categorical_feature=list(problem.categorical),
    )
    calibration_set = lgb.Dataset(
        encode(calibration, features, categories),
        label=calibration["label"].cast("float32"),
        reference=train_set,
    )
    parameters = dict(problem.parameters)
    iterations = int(parameters.pop("max_iterations"))
    patience = int(parameters.pop("early_stopping_iterations"))
    booster = lgb.train(
        {
            **parameters,
            "objective": "binary",
            "metric": "binary_logloss",
            "seed": problem.seed,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": threads,
            "verbosity": -1,
        },
        train_set,
        num_boost_round=iterations,
        valid_sets=[calibration_set],
        callbacks=[lgb.early_stopping(patience, verbose=False)],
    )
    text = booster.model_to_string(num_iteration=booster.best_iteration)
    return TrainedVersion(
        Artifact(text, tuple(features), categories), booster.best_iteration
    )
