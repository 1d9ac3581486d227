"""The proof that nothing leaks, and proof that the proof finds what does.

On a small slice: a twelfth of the flights of three months, and a decision a day. `make
test` tries three leaks, one of them by a proof of a part, `make prove` twenty cut-offs
and the whole zoo. A proof that finds nothing stands in test_as_of.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from conftest import (
    ROOT,
    Workspace,
    copy_of_the_project,
    recall_what_was_parsed,
    remember_what_was_parsed,
)
from leaks import LEAKS, MID_MONTH, WEATHER_OF_THE_RUNNING_HOUR, Leak

from python_ml.edge.command_line import main
from python_ml.proof.builds import BuildError
from python_ml.proof.leak_proof import LeakProof
from python_ml.proof.poison import PoisonError, poison

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from python_ml.proof.leak_proof import Evidence

IN_EVERY_TEST_RUN = {
    "a timetable without the flights that were cancelled later",
    "the missing tail number in a cancellation problem",
}
SEED = 11


def silent(build: str, number: int, of: int, node: str) -> None:
    pass


def changed(evidence: Iterable[Evidence]) -> Iterator[Evidence]:
    return (found for found in evidence if found.difference.rows_changed)


def leaking_project(leak: Leak, folder: Path) -> Path:
    project = copy_of_the_project(folder, leak.problem)
    for edit in leak.edits:
        edit.apply(project)
    return project


def test_a_part_is_proven_and_not_kept_in_the_lake(
    summer: Path, tmp_path: Path
) -> None:
    leak = WEATHER_OF_THE_RUNNING_HOUR
    workspace = Workspace(tmp_path, leaking_project(leak, tmp_path))
    workspace.landing.symlink_to(summer)
    done = workspace.run(
        "goldleaf", "leak-proof", "--cutoff", str(leak.cutoff),
        "--select", leak.select, "--folder", "a_proof/to_look_at",
    )  # fmt: skip
    assert done.returncode == 1
    assert "There is a leak" in done.stderr
    compared = {line.split()[0] for line in done.stdout.splitlines()[2:]}
    assert compared == {"features.origin_weather", "silver.weather_observations"}
    assert " temperature_f" in done.stdout
    assert not (tmp_path / "lake").exists()
    catalogs = (tmp_path / "a_proof" / "to_look_at").glob("*/catalog.ducklake")
    assert sorted(catalog.parent.name for catalog in catalogs) == [
        "as_of_20130814T200000",
        "poisoned_20130814T200000",
        "with_future",
    ]


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
def test_a_leak_is_caught(leak: Leak, summer: Path, tmp_path: Path) -> None:
    project = leaking_project(leak, tmp_path)
    recall_what_was_parsed(project)
    proof = LeakProof(project, summer, tmp_path, SEED, silent, [leak.select])
    found = []
    for finding in findings(proof, leak):
        found.append(finding)
        if leak.caught_in in finding:
            break
    else:
        pytest.fail(f"not caught in {leak.caught_in}, only: {sorted(found)}")
    remember_what_was_parsed(tmp_path / "dbt")


@pytest.mark.prove
@pytest.mark.parametrize("part", range(4))
def test_twenty_cutoffs_raise_no_false_alarm(
    summer: Path, tmp_path: Path, part: int
) -> None:
    proof = LeakProof(ROOT, summer, tmp_path, SEED, silent)
    proof.build_with_future()
    cutoffs = proof.draw(20)
    assert len(set(cutoffs)) == 20
    for cutoff in cutoffs[part::4]:
        evidence = list(proof.prove(cutoff))
        assert evidence
        assert list(changed(evidence)) == [], cutoff


def test_a_proof_needs_cutoffs(tmp_path: Path) -> None:
    refused = Workspace(tmp_path).run("goldleaf", "leak-proof")
    assert refused.returncode == 2
    assert "Give either --cutoff, or --draw and a number" in refused.stderr
    refused = Workspace(tmp_path).run(
        "goldleaf", "leak-proof", "--draw", "1", "--select", "+origin_weather"
    )
    assert refused.returncode == 2
    assert "with --select, give --cutoff" in refused.stderr


def test_the_lakes_of_another_proof_are_not_built_upon(tmp_path: Path) -> None:
    (tmp_path / "with_future").mkdir()
    arguments = ["leak-proof", "--draw", "1", "--folder", str(tmp_path)]
    refused = CliRunner().invoke(main, arguments)
    assert refused.exit_code == 2
    assert f"--folder '{tmp_path}' is not empty" in refused.stderr


def test_a_cutoff_given_twice_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    monkeypatch.setattr(LeakProof, "build_with_future", lambda _: None)
    monkeypatch.setattr(
        LeakProof, "prove", lambda _, cutoff: iter(tried.append(cutoff) or ())
    )
    same = ["--cutoff", "2013-08-14", "--cutoff", "2013-08-14 00:00"]
    CliRunner().invoke(main, ["leak-proof", *same, "--select", "airline_codes"])
    assert len(tried) == 1


def test_a_proof_that_compared_nothing_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LeakProof, "build_with_future", lambda _: None)
    monkeypatch.setattr(LeakProof, "prove", lambda _, _cutoff: iter(()))
    done = CliRunner().invoke(
        main, ["leak-proof", "--cutoff", "2013-08-14", "--select", "airline_codes"]
    )
    assert done.exit_code == 1
    assert "No row was compared, so nothing is proven" in done.stderr
    assert "Nothing depends" not in done.stdout


def test_a_landing_table_without_a_future_is_refused(tmp_path: Path) -> None:
    (tmp_path / "crews").mkdir()
    with pytest.raises(PoisonError, match=r"write python_ml/proof/poison_crews\.sql"):
        poison(ROOT, tmp_path, tmp_path / "poisoned", MID_MONTH, SEED)


def test_the_past_of_a_poisoned_future_is_untouched(
    summer: Path, tmp_path: Path
) -> None:
    poison(ROOT, summer, tmp_path, MID_MONTH, SEED)
    june = (summer / "flights/2013-06.csv").read_text().splitlines()
    assert (tmp_path / "flights/2013-06.csv").read_text().splitlines() == june
    august = (summer / "flights/2013-08.csv").read_text().splitlines()
    changed = (tmp_path / "flights/2013-08.csv").read_text().splitlines()
    kept = len(set(august) & set(changed))
    assert 0.3 * len(august) < kept < 0.6 * len(august)
    corrections = (tmp_path / "flights/poison@2013-08-15.csv").read_text()
    assert corrections.count("\n") > 100
