from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import log_loss, mean_pinball_loss
from test_training import CALIBRATION, FIT, MINUTES, PROBLEM, THREADS, train

from python_ml.artifact import Artifact, Calibrator
from python_ml.inspection import Importance, contribution_error, importances
from python_ml.scoring import Scorer

if TYPE_CHECKING:
    from python_ml.problem import Problem


@pytest.fixture(scope="module")
def artifact() -> Artifact:
    return train().artifact


def by_feature(artifact: Artifact, gate: pa.Table) -> dict[str, Importance]:
    found = importances(artifact, gate, seed=1, threads=THREADS)
    assert [one.feature for one in found] == list(artifact.features)
    return {one.feature: one for one in found}


def test_what_the_label_depends_on_is_worth_most(artifact: Artifact) -> None:
    found = by_feature(artifact, CALIBRATION)
    assert sum(one.gain for one in found.values()) == pytest.approx(1)
    assert found["carrier"].gain > found["weekend"].gain
    worth = {name: one.permutation or 0 for name, one in found.items()}
    assert worth["carrier"] > 0.02
    assert worth["carrier"] > worth["distance"] > abs(worth["weekend"])


@pytest.mark.parametrize(
    ("problem", "calibrator", "loss_of"),
    [
        (PROBLEM, None, log_loss),
        # Certain of all and often wrong: infinitely so but for the clipping.
        (PROBLEM, Calibrator(100.0, 0.0), log_loss),
        (MINUTES, None, mean_pinball_loss),
    ],
)
def test_the_losses_are_those_of_scikit_learn(
    problem: Problem, calibrator: Calibrator | None, loss_of: Any
) -> None:
    artifact = replace(train(problem).artifact, calibrator=calibrator)
    first, *_ = importances(artifact, CALIBRATION, seed=1, threads=THREADS)
    order = np.random.default_rng(1).permutation(CALIBRATION.num_rows)
    dealt = CALIBRATION[first.feature].take(order)
    place = CALIBRATION.column_names.index(first.feature)
    label = CALIBRATION["label"].to_numpy().astype(float)
    scorer = Scorer(artifact, THREADS)
    before, after = (
        loss_of(label, scorer.prediction(examples))
        for examples in (
            CALIBRATION,
            CALIBRATION.set_column(place, first.feature, dealt),
        )
    )
    assert after > before
    assert first.permutation == pytest.approx(after - before, rel=1e-9)


def test_a_feature_that_is_always_the_same_is_worth_nothing(artifact: Artifact) -> None:
    same = pa.array(["UA"] * CALIBRATION.num_rows)
    found = by_feature(artifact, CALIBRATION.set_column(0, "carrier", same))
    assert found["carrier"].permutation == 0


def test_the_same_seed_gives_the_same_importances(artifact: Artifact) -> None:
    assert by_feature(artifact, CALIBRATION) == by_feature(artifact, CALIBRATION)


def test_a_large_gate_is_sampled_and_none_says_nothing(artifact: Artifact) -> None:
    large = pa.concat_tables([FIT, FIT])
    assert by_feature(artifact, large)["carrier"].permutation is not None
    nothing = by_feature(artifact, FIT.slice(0, 0))
    assert {one.permutation for one in nothing.values()} == {None}


def test_contributions_add_up_and_of_nothing_nothing_is_said(
    artifact: Artifact,
) -> None:
    error = contribution_error(artifact, CALIBRATION, 1, THREADS)
    assert error is not None
    assert 0 <= error < 1e-9
    assert contribution_error(artifact, CALIBRATION.slice(0, 0), 1, THREADS) is None


def test_a_booster_that_learnt_nothing_has_no_gain() -> None:
    rows = FIT.num_rows
    labels = pa.array(np.random.default_rng(0).random(rows) < 0.5)
    place = FIT.column_names.index("label")
    noise = FIT.set_column(place, "label", labels)
    learnt = train(fit=noise, calibration=noise.slice(0, 50)).artifact
    found = importances(learnt, noise, 1, THREADS)
    assert all(np.isfinite(one.gain) for one in found)
