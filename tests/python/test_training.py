from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import yaml
from threadpoolctl import threadpool_limits

from python_ml.artifact import Artifact, ArtifactError, Calibrator, sha256_of
from python_ml.problem import Problem
from python_ml.scoring import Scorer, probability
from python_ml.training import (
    THREADS,
    NotTrainableError,
    TrainedVersion,
    choose_calibrator,
    train_version,
)

PROFILES = Path(__file__).parents[2] / "profiles.yml"
BEGIN, HOUR = datetime(2013, 2, 1), timedelta(hours=1)
CHECK_FROM = BEGIN + 300 * HOUR
FEATURES = ("carrier", "distance", "weekend")
PROBLEM = Problem.from_declaration(
    {
        "name": "late",
        "task": "binary",
        "label": "l",
        "prediction_time": "t",
        "label_known": "k",
        "entity": ["key"],
        "first_cutoff": date(2013, 3, 1),
        "categorical": ["carrier"],
        "parameters": {
            "min_data_in_leaf": 20,
            "num_leaves": 7,
            "max_iterations": 60,
            "early_stopping_iterations": 5,
            "bagging_fraction": 0.7,
            "bagging_freq": 1,
        },
    }
)


def examples(rows: int, seed: int, carriers: tuple[str, ...]) -> pa.Table:
    rng = np.random.default_rng(seed)
    carrier = rng.choice(carriers, rows)
    distance = rng.normal(size=rows)
    chance = 0.15 + 0.5 * (carrier == carriers[0]) + 0.2 * (distance > 0)
    return pa.table(
        {
            "carrier": pa.array(carrier.tolist(), pa.string()),
            "distance": pa.array(distance, mask=rng.random(rows) < 0.1),
            "weekend": pa.array(rng.random(rows) < 2 / 7),
            "prediction_at": pa.array([BEGIN + n * HOUR for n in range(rows)]),
            "label": pa.array(rng.random(rows) < chance),
        }
    )


FIT = examples(1500, 1, ("UA", "AA", "DL"))
CALIBRATION = examples(500, 2, ("UA", "AA", "DL", "ZZ"))


def train(
    problem: Problem = PROBLEM, fit: pa.Table = FIT, calibration: pa.Table = CALIBRATION
) -> TrainedVersion:
    return train_version(problem, FEATURES, fit, calibration, CHECK_FROM, THREADS)


@pytest.fixture(scope="module")
def version() -> TrainedVersion:
    return train()


def test_the_same_examples_give_the_same_artifact(version: TrainedVersion) -> None:
    text, again = version.artifact.to_text(), train().artifact.to_text()
    assert text == again
    assert sha256_of(text) == sha256_of(again)


def test_another_seed_gives_another_artifact(version: TrainedVersion) -> None:
    other = train(replace(PROBLEM, seed=7))
    assert sha256_of(other.artifact.to_text()) != sha256_of(version.artifact.to_text())


def test_early_stopping_keeps_the_trees_it_counts(version: TrainedVersion) -> None:
    assert 1 <= version.iterations < 60
    assert (
        version.artifact.boosters["probability"].count("\nTree=") == version.iterations
    )


def test_the_model_has_learnt_what_is_in_the_examples(version: TrainedVersion) -> None:
    scores = Scorer(version.artifact, THREADS).score(CALIBRATION).prediction
    label = CALIBRATION["label"].to_numpy()
    assert scores.shape == (500,)
    assert scores.min() >= 0
    assert scores.max() <= 1
    assert scores[label].mean() > scores[~label].mean() + 0.1


def test_a_reloaded_artifact_gives_the_same_scores(version: TrainedVersion) -> None:
    text = version.artifact.to_text()
    reloaded = Artifact.from_text(text, sha256_of(text))
    first = Scorer(version.artifact, THREADS).score(CALIBRATION).prediction
    second = Scorer(reloaded, THREADS).score(CALIBRATION).prediction
    assert reloaded == version.artifact
    assert first.tobytes() == second.tobytes()


def test_batches_and_threads_do_not_change_a_score(version: TrainedVersion) -> None:
    whole = Scorer(version.artifact, 1).score(CALIBRATION).prediction
    scorer = Scorer(version.artifact, THREADS)
    batches = CALIBRATION.to_batches(max_chunksize=33)
    parts = [scorer.score(batch).prediction for batch in batches]
    assert len(parts) > 1
    assert np.concatenate(parts).tobytes() == whole.tobytes()


def test_a_changed_artifact_is_refused(version: TrainedVersion) -> None:
    text = version.artifact.to_text()
    tampered = text.replace("distance", "distances", 1)
    with pytest.raises(ArtifactError) as refusal:
        Artifact.from_text(tampered, sha256_of(text))
    assert sha256_of(text) in str(refusal.value)
    assert sha256_of(tampered) in str(refusal.value)


@pytest.mark.parametrize(
    ("fit", "calibration", "message"),
    [
        (FIT.slice(0, 0), CALIBRATION, "the fit stretch holds no labelled example"),
        (FIT, FIT.slice(0, 0), "the calibration stretch holds no labelled example"),
        (
            FIT.filter(FIT["label"]),
            CALIBRATION,
            "the fit stretch holds only one class",
        ),
        (
            FIT.filter(pc.invert(FIT["label"])),
            CALIBRATION,
            "the fit stretch holds only one class",
        ),
    ],
    ids=["no fit", "no calibration", "all late", "none late"],
)
def test_examples_that_cannot_train_are_refused(
    fit: pa.Table, calibration: pa.Table, message: str
) -> None:
    with pytest.raises(NotTrainableError, match=f"^{message}$"):
        train(fit=fit, calibration=calibration)


def test_categories_are_learnt_from_the_fit_alone(version: TrainedVersion) -> None:
    def with_carrier(carrier: str | None) -> pa.Table:
        column = pa.array([carrier] * CALIBRATION.num_rows, pa.string())
        return CALIBRATION.set_column(0, "carrier", column)

    scorer = Scorer(version.artifact, THREADS)
    unseen = scorer.score(with_carrier("ZZ")).prediction
    missing = scorer.score(with_carrier(None)).prediction
    assert version.artifact.categories == {"carrier": ["AA", "DL", "UA"]}
    assert unseen.tobytes() == missing.tobytes()
    assert (scorer.score(with_carrier("UA")).prediction != missing).any()


def test_no_examples_give_no_scores(version: TrainedVersion) -> None:
    scores = Scorer(version.artifact, THREADS).score(CALIBRATION.slice(0, 0)).prediction
    assert scores.shape == (0,)
    assert scores.dtype == np.float64


def test_dbt_and_what_it_runs_share_two_cores() -> None:
    outputs = yaml.safe_load(PROFILES.read_text())["goldleaf"]["outputs"]
    assert outputs["lake"]["threads"] * THREADS == 2
    assert outputs["lake"]["threads"] * outputs["lake"]["settings"]["threads"] == 2


def test_the_curves_show_every_iteration_on_both_stretches(
    version: TrainedVersion,
) -> None:
    by_stretch = {
        stretch: [point for point in version.curves if point.stretch == stretch]
        for stretch in ("fit", "calibration")
    }
    assert sum(map(len, by_stretch.values())) == len(version.curves)
    for points in by_stretch.values():
        assert [point.iteration for point in points] == list(range(1, len(points) + 1))
        assert {point.metric for point in points} == {"binary_logloss"}
    best = min(by_stretch["calibration"], key=lambda point: point.value)
    assert best.iteration == version.iterations
    fit = by_stretch["fit"]
    assert fit[-1].value < fit[0].value


SCORES = np.linspace(-4, 4, 800)
IS_FITTED_ON = np.arange(800) % 2 == 0


def labels_of(slope: float) -> np.ndarray:
    return np.random.default_rng(5).random(800) < probability(slope * SCORES, None)


def test_a_calibrator_is_kept_where_it_lowers_the_loss() -> None:
    calibrator = choose_calibrator(SCORES, labels_of(0.5), IS_FITTED_ON)
    assert calibrator is not None
    assert calibrator.slope == pytest.approx(0.5, abs=0.1)
    assert calibrator.intercept == pytest.approx(0, abs=0.3)


def test_a_calibrator_fitted_on_other_times_is_dropped() -> None:
    labels = np.where(IS_FITTED_ON, labels_of(0.3), labels_of(1.0))
    assert choose_calibrator(SCORES, labels, IS_FITTED_ON) is None


def test_without_two_classes_or_a_last_week_nothing_is_calibrated() -> None:
    labels = labels_of(0.5)
    assert choose_calibrator(SCORES, labels | IS_FITTED_ON, IS_FITTED_ON) is None
    everything = np.full(800, True)
    assert choose_calibrator(SCORES, labels, everything) is None


def test_a_calibrator_is_the_same_however_many_threads_its_process_has() -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(-3, 1, 40_000)  # more than one thread of BLAS would take
    labels = rng.random(40_000) < probability(scores / 2, None)
    is_fitted_on = np.arange(40_000) < 38_000
    found = []
    for threads in (1, 2):
        with threadpool_limits(threads, "blas"):
            found.append(choose_calibrator(scores, labels, is_fitted_on))
    assert found[0] is not None
    assert found[0] == found[1]


def test_a_calibrated_probability_keeps_the_order(version: TrainedVersion) -> None:
    calibrated = replace(version.artifact, calibrator=Calibrator(0.5, -1.0))
    text = calibrated.to_text()
    assert Artifact.from_text(text, sha256_of(text)) == calibrated
    raw = Scorer(version.artifact, THREADS).score(CALIBRATION)
    scores = Scorer(calibrated, THREADS).score(CALIBRATION)
    assert (scores.raw_score == raw.raw_score).all()
    assert (np.argsort(scores.prediction) == np.argsort(raw.prediction)).all()
    odds = np.log(scores.prediction / (1 - scores.prediction))
    assert odds == pytest.approx(0.5 * raw.raw_score - 1.0)


MINUTES = replace(
    PROBLEM, task="regression", metric="pinball", parameters=PROBLEM.parameters
)


def minutes(examples: pa.Table) -> pa.Table:
    rng = np.random.default_rng(3)
    late = examples["label"].to_numpy()
    delays = pa.array(
        np.round(np.where(late, 40, -5) + 10 * rng.normal(size=len(late)))
    )
    return examples.set_column(
        examples.column_names.index("label"), "label", delays.cast("int32")
    )


def test_a_regression_predicts_a_median_inside_an_interval() -> None:
    version = train(MINUTES, minutes(FIT), minutes(CALIBRATION))
    assert list(version.artifact.boosters) == ["median", "lower", "upper"]
    scores = Scorer(version.artifact, THREADS).score(CALIBRATION)
    assert scores.lower is not None
    assert scores.upper is not None
    assert (scores.lower <= scores.prediction).all()
    assert (scores.prediction <= scores.upper).all()
    delays = minutes(CALIBRATION)["label"].to_numpy()
    covered = ((scores.lower <= delays) & (delays <= scores.upper)).mean()
    assert covered == pytest.approx(0.8, abs=0.07)


@pytest.mark.parametrize("problem", [PROBLEM, MINUTES], ids=["binary", "regression"])
def test_contributions_sum_to_the_raw_score(problem: Problem) -> None:
    made = (
        (FIT, CALIBRATION) if problem is PROBLEM else map(minutes, (FIT, CALIBRATION))
    )
    scorer = Scorer(train(problem, *made).artifact, THREADS)
    contributions = scorer.contributions(CALIBRATION)
    assert contributions.shape == (500, len(FEATURES) + 1)
    raw = scorer.score(CALIBRATION).raw_score
    assert np.abs(contributions.sum(axis=1) - raw).max() < 1e-9
    assert scorer.contributions(CALIBRATION.slice(0, 0)).shape == (0, 4)
