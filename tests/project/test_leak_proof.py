"""The proof that nothing leaks, and proof that the proof finds what does.

On a small slice: a twelfth of the flights of three months. `make test` tries one
cut-off and three leaks, `make prove` twenty cut-offs and the whole zoo.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, Workspace, land_slice
from leaks import LEAKS, MID_MONTH, Leak

from python_ml.proof.builds import BuildError
from python_ml.proof.leak_proof import LeakProof

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from python_ml.proof.leak_proof import Evidence

IN_EVERY_TEST_RUN = {
    "the weather of the running hour",
    "a champion chosen by labels known later",
    "the missing tail number in a cancellation problem",
}
PROJECT = ("dbt_project.yml", "profiles.yml", "macros", "models", "seeds", "tests")
SEED = 11


def silent(build: str, number: int, of: int, node: str) -> None:
    pass


@pytest.fixture(scope="module")
def landing(flights_2013: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    landing = tmp_path_factory.mktemp("slice")
    land_slice(flights_2013.landing, landing, ("2013-06", "2013-07", "2013-08"))
    return landing


def changed(evidence: Iterable[Evidence]) -> Iterator[Evidence]:
    return (found for found in evidence if found.difference.rows_changed)


def test_nothing_depends_on_what_came_later(landing: Path, tmp_path: Path) -> None:
    proof = LeakProof(ROOT, landing, tmp_path, SEED, silent)
    proof.build_with_future()
    evidence = list(proof.prove(MID_MONTH))
    compared = {
        (found.difference.relation, found.future): found.difference.rows_compared
        for found in evidence
    }
    assert len(compared) > 50
    assert min(compared.values()) > 0
    for name in ("labels", "dataset", "scores", "predictions", "models", "evaluation"):
        assert (f"ml.arrival_delay_{name}", "poisoned") in compared
    assert ("features.flights_at_prediction", "present") in compared
    assert list(changed(evidence)) == []


def findings(proof: LeakProof, leak: Leak) -> Iterator[str]:
    """What the proof names: changed relations and columns, or the tests that failed."""
    try:
        proof.build_with_future()
        for found in changed(proof.prove(leak.cutoff)):
            for column in found.difference.changed_columns:
                yield f"{found.difference.relation}.{column}"
    except BuildError as error:
        yield str(error)


@pytest.mark.parametrize(
    "leak",
    [
        pytest.param(
            leak,
            id=leak.name,
            marks=[] if leak.name in IN_EVERY_TEST_RUN else [pytest.mark.prove],
        )
        for leak in LEAKS
    ],
)
def test_a_leak_is_caught(leak: Leak, landing: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    for name in PROJECT:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, project / name)
    shutil.copytree(
        ROOT / "python_ml",
        project / "python_ml",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for edit in leak.edits:
        edit.apply(project)
    proof = LeakProof(project, landing, tmp_path, SEED, silent)
    found = []
    for finding in findings(proof, leak):
        found.append(finding)
        if leak.caught_in in finding:
            break
    else:
        pytest.fail(f"not caught in {leak.caught_in}, only: {sorted(found)}")


@pytest.mark.prove
def test_twenty_cutoffs_raise_no_false_alarm(landing: Path, tmp_path: Path) -> None:
    proof = LeakProof(ROOT, landing, tmp_path, SEED, silent)
    proof.build_with_future()
    cutoffs = proof.draw(20)
    assert len(set(cutoffs)) == 20
    for cutoff in cutoffs:
        evidence = list(proof.prove(cutoff))
        assert evidence
        assert list(changed(evidence)) == [], cutoff
