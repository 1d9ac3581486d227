"""Fits one version of a model, the same way every time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lightgbm as lgb
import numpy as np
import pyarrow.compute as pc
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from threadpoolctl import threadpool_limits

from python_ml.artifact import Artifact, Calibrator
from python_ml.encoding import encode, learn_categories
from python_ml.reweighing import reweighing_weights
from python_ml.scoring import Scorer, probability

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import numpy.typing as npt
    import pyarrow as pa

    from python_ml.problem import Problem


THREADS = 2
"""LightGBM's threads; with dbt's one thread, the cores the project is measured on."""


class NotTrainableError(ValueError):
    """The examples cannot train a version; the message says what they lack."""


@dataclass(frozen=True)
class CurvePoint:
    """The loss of a booster on a stretch after an iteration."""

    booster: str
    iteration: int
    stretch: str
    metric: str
    value: float


@dataclass(frozen=True)
class TrainedVersion:
    """An artifact, how many trees its first booster kept, and how training went."""

    artifact: Artifact
    iterations: int
    curves: list[CurvePoint]


def train_version(
    problem: Problem,
    features: Sequence[str],
    fit: pa.Table,
    calibration: pa.Table,
    calibrator_check_from: datetime,
    threads: int,
) -> TrainedVersion:
    """Fit LightGBM on one stretch; stop early and calibrate on the next.

    Args:
        problem: the declaration.
        features: columns of the two tables that the model may read; the group that is
            reweighed is a column too.
        fit: labelled examples in a fixed order; categories and, if the problem is to be
            reweighed, weights are learnt from these alone.
        calibration: labelled examples of the stretch that follows.
        calibrator_check_from: from here on the calibration stretch decides whether the
            probabilities are calibrated; what lies before fits the calibrator.
        threads: LightGBM's threads; the same number gives the same artifact.

    Raises:
        NotTrainableError: when a stretch holds no example, or the fit of a binary task
            only one class.

    """
    for name, examples in (("fit", fit), ("calibration", calibration)):
        if examples.num_rows == 0:
            raise NotTrainableError(f"the {name} stretch holds no labelled example")
    if problem.task == "binary" and pc.count_distinct(fit["label"]).as_py() < 2:
        raise NotTrainableError("the fit stretch holds only one class")

    categories = learn_categories(fit, problem.categorical)
    train_set = lgb.Dataset(
        encode(fit, features, categories),
        label=fit["label"].cast("float32"),
        weight=_weights(problem, fit),
        feature_name=list(features),
        categorical_feature=list(problem.categorical),
    )
    calibration_set = lgb.Dataset(
        encode(calibration, features, categories),
        label=calibration["label"].cast("float32"),
        reference=train_set,
    )
    boosters, curves = {}, []
    for name, objective in _objectives(problem).items():
        booster, found = _boost(problem, objective, train_set, calibration_set, threads)
        boosters[name] = booster
        curves += [CurvePoint(name, *point) for point in found]
    first = next(iter(boosters.values()))
    artifact = Artifact(
        {
            name: booster.model_to_string(num_iteration=booster.best_iteration)
            for name, booster in boosters.items()
        },
        tuple(features),
        categories,
    )
    if problem.task == "binary":
        calibrator = choose_calibrator(
            Scorer(artifact, threads).score(calibration).raw_score,
            calibration["label"].to_numpy().astype(bool),
            pc.less(calibration["prediction_at"], calibrator_check_from).to_numpy(),
        )
        artifact = Artifact(
            artifact.boosters, artifact.features, categories, calibrator
        )
    return TrainedVersion(artifact, first.best_iteration, curves)


def choose_calibrator(
    raw_scores: Any, labels: Any, is_fitted_on: Any
) -> Calibrator | None:
    """Return a calibrator if it lowers log loss on examples it was not fitted on.

    Args:
        raw_scores: log-odds, in the order of time; shape (n,).
        labels: true or false; shape (n,).
        is_fitted_on: which examples fit the calibrator; the others decide; shape (n,).

    """
    fitted, checked = labels[is_fitted_on], labels[~is_fitted_on]
    if len(np.unique(fitted)) < 2 or len(checked) == 0:
        return None
    with threadpool_limits(1, "blas"):  # or the last bits depend on the environment
        curve = LogisticRegression(C=np.inf).fit(raw_scores[is_fitted_on, None], fitted)
    calibrator = Calibrator(float(curve.coef_[0, 0]), float(curve.intercept_[0]))
    raw, calibrated = (
        log_loss(checked, probability(raw_scores[~is_fitted_on], way), labels=[0, 1])
        for way in (None, calibrator)
    )
    return calibrator if calibrated < raw else None


def _weights(problem: Problem, fit: pa.Table) -> npt.NDArray[np.float64] | None:
    if problem.reweigh is None:
        return None
    return reweighing_weights(
        fit[problem.reweigh], fit["label"].to_numpy().astype(bool)
    )


def _objectives(problem: Problem) -> dict[str, dict[str, Any]]:
    if problem.task == "binary":
        return {"probability": {"objective": "binary", "metric": "binary_logloss"}}
    return {
        name: {"objective": "quantile", "metric": "quantile", "alpha": quantile}
        for name, quantile in problem.quantiles().items()
    }


def _boost(
    problem: Problem,
    objective: dict[str, Any],
    train_set: lgb.Dataset,
    calibration_set: lgb.Dataset,
    threads: int,
) -> tuple[lgb.Booster, list[tuple[int, str, str, float]]]:
    parameters = dict(problem.parameters)
    iterations = int(parameters.pop("max_iterations"))
    patience = int(parameters.pop("early_stopping_iterations"))
    losses: dict[str, dict[str, list[float]]] = {}
    booster = lgb.train(
        {
            **parameters,
            **objective,
            "seed": problem.seed,
            "deterministic": True,
            "force_col_wise": True,
            "num_threads": threads,
            "verbosity": -1,
        },
        train_set,
        num_boost_round=iterations,
        valid_sets=[calibration_set, train_set],
        valid_names=["calibration", "fit"],
        callbacks=[
            lgb.early_stopping(patience, verbose=False),
            lgb.record_evaluation(losses),
        ],
    )
    points = [
        (iteration, stretch, metric, value)
        for stretch, metrics in losses.items()
        for metric, values in metrics.items()
        for iteration, value in enumerate(values, start=1)
    ]
    return booster, points
