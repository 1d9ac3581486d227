"""Human decisions are delivered data, on a small lake of real rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import Workspace, land_slice

if TYPE_CHECKING:
    from pathlib import Path

BUILT = ("+decisions", "+rejected_records", "+rejected_rows")
HEADER = "decided_at,problem,model_id,action,decided_by,reason\n"
DECISIONS = """
select
    problem, strftime(decided_at, '%d %H:%M:%S'), version,
    strftime(known_at, '%d %H:%M:%S'), model_id, action, reason
from silver.decisions order by problem, decided_at, version
"""
REJECTED = """
select file, row_number_in_file, reason from silver.rejected_records
where table_name = 'decisions' order by all
"""


@pytest.fixture(scope="module")
def small(landed_2013: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Some flights of January; nobody has decided anything."""
    workspace = Workspace(tmp_path_factory.mktemp("decided"))
    land_slice(landed_2013, workspace.landing, ("2013-01",), every=50)
    workspace.build_only(*BUILT)
    return workspace


def test_without_a_folder_of_decisions_there_are_none(small: Workspace) -> None:
    assert not (small.landing / "decisions").exists()
    assert small.query("from silver.decisions") == []
    assert small.query("from bronze.raw_decisions") == []
    assert small.query(REJECTED) == []


def test_decisions_come_in_versions_and_what_is_none_is_kept_with_its_reason(
    small: Workspace,
) -> None:
    folder = small.landing / "decisions"
    folder.mkdir()
    (folder / "first.csv").write_text(
        HEADER + "2013-01-15T06:00:00Z,p,p1,promote,ada,a storm\n"
    )
    small.build_only(*BUILT)
    (folder / "many.csv").write_text(
        HEADER
        + "2013-01-16T06:00:00Z,p,p1,promote,ada,too soon\n"
        + "2013-01-16T06:00:00Z,p,p2,rollback,ada,meant\n"
        + "2013-01-16T06:00:00Z,p,p2,retire,ada,unknown action\n"
        + "soon,p,p2,promote,ada,when?\n"
        + "2013-01-17,p,NA,promote,ada,which?\n"
        + "2013-01-17,p\n"
    )
    (folder / "first@2013-01-20.csv").write_text(
        HEADER + "2013-01-15T06:00:00Z,p,p3,promote,ada,a slip\n"
    )
    printed = small.build_only(*BUILT)
    assert small.query(DECISIONS) == [
        ("p", "15 06:00:00", 1, "15 06:00:00", "p1", "promote", "a storm"),
        ("p", "15 06:00:00", 2, "20 00:00:00", "p3", "promote", "a slip"),
        ("p", "16 06:00:00", 1, "16 06:00:00", "p2", "rollback", "meant"),
    ]
    many = "decisions/many.csv"
    repeated = "repeated: the last row of those delivered together counts"
    assert small.query(REJECTED) == [
        (many, 1, repeated),
        (many, 3, "action is neither promote nor rollback"),
        (many, 4, "decided_at is missing or no instant"),
        (many, 5, "problem or model_id is missing"),
    ]
    assert small.query("select file, line_number from bronze.rejected_rows") == [
        (many, 7)
    ]
    assert "PASS every_line_is_accounted_for" in printed


def test_what_the_commands_write_is_what_the_next_build_reads(
    small: Workspace, some_flights: Workspace, tmp_path: Path
) -> None:
    """Decided about the versions of a slice, whose lake is only read."""
    person = Workspace(tmp_path)
    (tmp_path / "lake").symlink_to(some_flights.folder / "lake")
    person.landing.symlink_to(small.landing)
    first, *_, before, present = (
        model_id
        for (model_id,) in some_flights.query(
            "select model_id from ml.champions where problem = 'arrival_delay' "
            "order by from_at"
        )
    )
    said = person.succeed("goldleaf", "rollback", "arrival_delay", "--why", "it drifts")
    assert f"puts {before} in force from 2013-10-01T04:00:00Z" in said
    at = ("--at", "2013-10-02 06:00")
    person.succeed("goldleaf", "promote", first, "--why", "a storm, again", *at)
    small.build_only(*BUILT)
    assert small.query(
        "select model_id, action, reason, decided_by is not null, "
        "decided_at::varchar, known_at = decided_at from silver.decisions "
        "where problem = 'arrival_delay' order by decided_at"
    ) == [
        (before, "rollback", "it drifts", True, "2013-10-01 04:00:00", True),
        (first, "promote", "a storm, again", True, "2013-10-02 06:00:00", True),
    ]
    assert present not in (first, before)
