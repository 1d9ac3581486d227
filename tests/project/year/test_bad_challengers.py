"""Versions that are really bad never come into force, and a good one does.

Trained as the project trains, on the real year, for the cut-off of November; put in as
challengers of the version of that cut-off, on the last days of October.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from bad_versions import BAD, Examples

from benchmarks.gate import MODELS, Gate, Verdict
from python_ml.edge.train import labelled_examples
from python_ml.problem import Problem
from python_ml.stretches import Stretches
from python_ml.training import THREADS, train_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conftest import Workspace

    from python_ml.artifact import Artifact

CUTOFF = datetime(2013, 11, 1)
GOOD = "another seed"
FAST: Mapping[str, float | int] = {"learning_rate": 0.1, "max_iterations": 60}


@pytest.fixture(scope="module")
def verdicts(flights_2013: Workspace) -> dict[str, Verdict]:
    """What the gate said: of each bad version, then of a good one."""
    with flights_2013.lake() as lake:
        incumbent, declaration = lake.execute(
            "select model_id, declaration from ml.models "
            "where problem = 'arrival_delay' and cutoff_at = $1",
            [CUTOFF],
        ).fetchall()[0]
        problem = Problem.from_json(declaration)
        dataset = lake.table("ml.arrival_delay_dataset")
        labels = lake.table("ml.arrival_delay_labels")
        features = problem.features(dataset.columns)
        stretches = Stretches.before(CUTOFF, problem)
        fit, calibration, served = labelled_examples(
            problem, dataset, labels, stretches.ends()
        )
        gate = Gate(lake, flights_2013.compiled(*MODELS), problem, incumbent, CUTOFF)

    def trained(examples: Examples, parameters: Mapping[str, float | int]) -> Artifact:
        return train_version(
            replace(
                problem,
                seed=problem.seed + 1,
                parameters={**problem.parameters, **parameters},
            ),
            features,
            examples.fit,
            examples.calibration,
            stretches.calibrator_check_from,
            THREADS,
        ).artifact

    examples = Examples(fit, calibration)
    good = trained(examples, {})
    challengers = {}
    for name, bad in BAD.items():
        artifact = (
            trained(bad.trained(examples).thinned(), {**FAST, **bad.parameters})
            if bad.trained
            else good
        )
        challengers[name] = (artifact, bad.served(served))
    return gate.judge({**challengers, GOOD: (good, served)})


@pytest.mark.parametrize("name", BAD)
def test_a_bad_version_is_stopped_by_the_check_that_is_meant_for_it(
    verdicts: dict[str, Verdict], name: str
) -> None:
    verdict = verdicts[name]
    assert not verdict.is_promoted, verdict
    assert verdict.incumbent_id.startswith(f"arrival_delay-{CUTOFF:%Y-%m-%d}-")
    assert BAD[name].check in verdict.failed, verdict
    assert BAD[name].check in verdict.reason


def test_a_good_version_takes_over(verdicts: dict[str, Verdict]) -> None:
    verdict = verdicts[GOOD]
    assert verdict.is_promoted, verdict
    assert verdict.failed == {}
