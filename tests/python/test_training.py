from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import yaml

from python_ml.artifact import Artifact, ArtifactError, Scorer, sha256_of
from python_ml.problem import Problem
from python_ml.training import (
    THREADS,
    NotTrainableError,
    TrainedVersion,
    train_version,
)

PROFILES = Path(__file__).parents[2] / "profiles.yml"
FEATURES = ("carrier", "distance", "weekend")
PROBLEM = Problem.from_declaration(
    {
        "name": "late",
        "task": "binary",
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
            "label": pa.array(rng.random(rows) < chance),
        }
    )


FIT = examples(1500, 1, ("UA", "AA", "DL"))
CALIBRATION = examples(500, 2, ("UA", "AA", "DL", "ZZ"))


def train(
    problem: Problem = PROBLEM, fit: pa.Table = FIT, calibration: pa.Table = CALIBRATION
) -> TrainedVersion:
    return train_version(problem, FEATURES, fit, calibration, THREADS)


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
    assert version.artifact.booster.count("\nTree=") == version.iterations


def test_the_model_has_learnt_what_is_in_the_examples(version: TrainedVersion) -> None:
    scores = Scorer(version.artifact, THREADS).score(CALIBRATION)
    label = CALIBRATION["label"].to_numpy()
    assert scores.shape == (500,)
    assert scores.min() >= 0
    assert scores.max() <= 1
    assert scores[label].mean() > scores[~label].mean() + 0.1


def test_a_reloaded_artifact_gives_the_same_scores(version: TrainedVersion) -> None:
    text = version.artifact.to_text()
    reloaded = Artifact.from_text(text, sha256_of(text))
    first = Scorer(version.artifact, THREADS).score(CALIBRATION)
    second = Scorer(reloaded, THREADS).score(CALIBRATION)
    assert reloaded == version.artifact
    assert first.tobytes() == second.tobytes()


def test_batches_and_threads_do_not_change_a_score(version: TrainedVersion) -> None:
    whole = Scorer(version.artifact, 1).score(CALIBRATION)
    scorer = Scorer(version.artifact, THREADS)
    parts = [scorer.score(batch) for batch in CALIBRATION.to_batches(max_chunksize=33)]
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
    unseen, missing = scorer.score(with_carrier("ZZ")), scorer.score(with_carrier(None))
    assert version.artifact.categories == {"carrier": ["AA", "DL", "UA"]}
    assert unseen.tobytes() == missing.tobytes()
    assert (scorer.score(with_carrier("UA")) != missing).any()


def test_no_examples_give_no_scores(version: TrainedVersion) -> None:
    scores = Scorer(version.artifact, THREADS).score(CALIBRATION.slice(0, 0))
    assert scores.shape == (0,)
    assert scores.dtype == np.float64


def test_dbt_and_what_it_runs_share_two_cores() -> None:
    outputs = yaml.safe_load(PROFILES.read_text())["goldleaf"]["outputs"]
    assert outputs["lake"]["threads"] * THREADS == 2
    assert outputs["lake"]["threads"] * outputs["lake"]["settings"]["threads"] == 2
