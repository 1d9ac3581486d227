from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from python_ml.artifact import sha256_of
from python_ml.problem import Problem
from python_ml.reweighing import MOST_WEIGHT, reweighing_weights
from python_ml.scoring import Scorer
from python_ml.training import THREADS, train_version

BEGIN = datetime(2013, 2, 1)
PROBLEM = Problem.from_declaration(
    {
        "name": "late",
        "task": "binary",
        "label": "l",
        "prediction_time": "t",
        "label_known": "k",
        "entity": ["key"],
        "first_cutoff": date(2013, 3, 1),
        "groups": ["carrier"],
        "parameters": {"min_data_in_leaf": 50, "max_iterations": 60},
    }
)


def test_weights_are_those_computed_by_hand() -> None:
    """Of 10 examples 6 are a's, 3 b's, 1 has no group; 4 labels are true.

    a true: 3 are, 6 * 4 / 10 = 2.4 would be: 0.8. a false: 3.6 / 3. b true: 1.2 / 1;
    b false: 1.8 / 2. The one without a group: false, 0.6 / 1.
    """
    group = pa.chunked_array([["a"] * 6, ["b", "b", "b", None]])
    label = np.array([1, 1, 1, 0, 0, 0, 1, 0, 0, 0], dtype=bool)
    expected = [0.8] * 3 + [1.2] * 3 + [1.2] + [0.9] * 2 + [0.6]
    assert reweighing_weights(group, label).tolist() == pytest.approx(expected)


def test_under_the_weights_every_group_has_the_same_share_of_labels() -> None:
    rng = np.random.default_rng(0)
    group = rng.integers(0, 4, 5000)
    label = rng.random(5000) < 0.1 + 0.2 * group
    weights = reweighing_weights(pa.array(group), label)
    shares = [
        np.average(label[group == value], weights=weights[group == value])
        for value in range(4)
    ]
    assert shares == pytest.approx([label.mean()] * 4)
    assert weights.sum() == pytest.approx(5000)


def test_a_tiny_cell_does_not_speak_for_its_group() -> None:
    """One true label of 400, where 200.5 would be: the weight would be 200.5."""
    group = pa.array(["a"] * 400 + ["b"] * 400)
    label = np.array([True] + [False] * 399 + [True] * 400)
    weights = reweighing_weights(group, label)
    assert weights[0] == MOST_WEIGHT
    assert weights[-1] == pytest.approx(200.5 / 400)
    assert weights[1] == pytest.approx(199.5 / 399)


def test_examples_of_one_group_weigh_one() -> None:
    one_group = pa.array([None] * 3, pa.string())
    assert reweighing_weights(one_group, np.array([1, 0, 0]) > 0).tolist() == [1, 1, 1]


def examples(rows: int, seed: int) -> pa.Table:
    """Labels that depend on the group, and a feature that tells the group."""
    rng = np.random.default_rng(seed)
    is_small = rng.random(rows) < 0.3
    merit = rng.normal(size=rows)
    chance = 1 / (1 + np.exp(-(merit + 1.5 * is_small - 0.5)))
    return pa.table(
        {
            "carrier": pa.array(np.where(is_small, "AA", "UA").tolist()),
            "merit": merit,
            "hub_share": is_small + rng.normal(0, 0.5, rows),
            "prediction_at": pa.array(
                [BEGIN + n * timedelta(minutes=1) for n in range(rows)]
            ),
            "label": pa.array(rng.random(rows) < chance),
        }
    )


FIT, CALIBRATION, GATE = examples(6000, 1), examples(2000, 2), examples(4000, 3)


def gap_and_hash(problem: Problem, fit: pa.Table = FIT) -> tuple[float, str]:
    """How far the groups lie apart when 40 % are selected, and the artifact's hash."""
    version = train_version(
        problem,
        ("merit", "hub_share"),
        fit,
        CALIBRATION,
        BEGIN + timedelta(minutes=1500),
        THREADS,
    )
    scores = Scorer(version.artifact, THREADS).score(GATE).prediction
    selected = scores >= np.quantile(scores, 0.6)
    is_small = np.array(GATE["carrier"].to_pylist()) == "AA"
    gap = abs(selected[is_small].mean() - selected[~is_small].mean())
    return float(gap), sha256_of(version.artifact.to_text())


def test_reweighing_narrows_the_gap_between_groups() -> None:
    before, artifact = gap_and_hash(PROBLEM)
    after, reweighed = gap_and_hash(replace(PROBLEM, reweigh="carrier"))
    assert artifact != reweighed
    assert before > 0.25
    assert after < before / 2


def test_without_it_the_group_is_not_looked_at() -> None:
    no_group = FIT.drop_columns(["carrier"])
    assert gap_and_hash(PROBLEM, no_group) == gap_and_hash(PROBLEM)
