"""The commands `promote` and `rollback`, on a lake with the few columns they read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from fake_lake import execute

from python_ml.delivery import read_delivery
from python_ml.edge.command_line import main

if TYPE_CHECKING:
    from pathlib import Path

JULY, AUGUST, SEPTEMBER = (
    f"delay-2013-{month}-01-0a1b2c3d" for month in ("07", "08", "09")
)
CLOCK = "2013-10-01T04:00:00Z"
BUILT = f"""
create table gold.clock as select timestamp '2013-10-01 04:00' as clock_at;
create table ml.models as
from (values
    ('delay', '{JULY}'), ('delay', '{AUGUST}'), ('delay', '{SEPTEMBER}'),
    ('delay_minutes', 'delay_minutes-2013-09-01-0a1b2c3d')
) as models (problem, model_id);
create table ml.champions as
from (values
    ('delay', '{JULY}', timestamp '2013-07-01'),
    ('delay', '{AUGUST}', timestamp '2013-08-01'),
    ('delay', '{SEPTEMBER}', timestamp '2013-09-01'),
    ('delay', '{SEPTEMBER}', timestamp '2013-09-10'),
    ('delay', '{JULY}', timestamp '2013-10-05'),
    ('delay_minutes', 'delay_minutes-2013-09-01-0a1b2c3d', timestamp '2013-09-01')
) as champions (problem, model_id, from_at);
create view ml.predictions as select 1 as prediction
"""


@pytest.fixture(autouse=True)
def landing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GOLDLEAF_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("GOLDLEAF_LANDING", str(tmp_path / "landing"))
    monkeypatch.setenv("LOGNAME", "ada")
    execute(tmp_path / "lake", f"create schema gold; create schema ml; {BUILT}")
    return tmp_path / "landing" / "decisions"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def refusal(*arguments: str) -> str:
    result = run(*arguments, "--why", "it is better")
    assert result.exit_code == 1
    return result.stderr


def names(landing: Path) -> list[str]:
    return sorted(path.name for path in landing.iterdir())


def test_a_promotion_is_a_delivered_row(landing: Path) -> None:
    result = run("promote", JULY, "--why", "holds up better in a storm")
    file = landing / "2013-10-01T040000-delay.csv"
    assert result.exit_code == 0
    assert result.output == (
        f"{file}: landed\n`dbt build` puts {JULY} in force from {CLOCK}; "
        "published predictions stay.\n"
    )
    assert file.read_text() == (
        "decided_at,problem,model_id,action,decided_by,reason\n"
        f"{CLOCK},delay,{JULY},promote,ada,holds up better in a storm\n"
    )
    assert names(landing) == [file.name]  # and so no .part file


def test_who_and_why_are_kept_as_they_were_said_on_one_line(landing: Path) -> None:
    run("promote", JULY, "--who", 'Ada "the count", of ops', "--why", " a\nb,  c ")
    (file,) = landing.iterdir()
    header, row = read_delivery(file.read_bytes(), file.name, ["decided_at"])
    assert header.kind == "header"
    assert row.fields is not None
    assert row.fields[-2:] == ['Ada "the count", of ops', "a b, c"]


def test_a_rollback_goes_to_the_version_in_force_before_the_present_one(
    landing: Path,
) -> None:
    """September has two periods; July is in force again after the clock only."""
    assert run("rollback", "delay", "--why", "drifts").exit_code == 0
    later = run("rollback", "delay", "--why", "drifts", "--at", "2013-10-05")
    assert later.exit_code == 0
    rows = [(landing / name).read_text().splitlines()[1] for name in names(landing)]
    assert rows == [
        f"{CLOCK},delay,{AUGUST},rollback,ada,drifts",
        f"2013-10-05T00:00:00Z,delay,{SEPTEMBER},rollback,ada,drifts",
    ]


def test_decisions_about_one_problem_follow_each_other(landing: Path) -> None:
    for command in (("promote", JULY), ("rollback", "delay"), ("promote", JULY)):
        assert run(*command, "--why", "again").exit_code == 0
    other = ("promote", "delay_minutes-2013-09-01-0a1b2c3d", "--why", "again")
    assert run(*other).exit_code == 0
    assert names(landing) == [
        "2013-10-01T040000-delay.csv",
        "2013-10-01T040000-delay_minutes.csv",
        "2013-10-01T040001-delay.csv",
        "2013-10-01T040002-delay.csv",
    ]
    last = (landing / "2013-10-01T040002-delay.csv").read_text()
    assert f"2013-10-01T04:00:02Z,delay,{JULY},promote," in last


@pytest.mark.parametrize("at", ["2013-10-01T04:00:00Z", "2013-10-01 04:00"])
def test_a_decision_at_the_clock_changes_nothing_published(
    landing: Path, at: str
) -> None:
    assert run("promote", JULY, "--why", "x", "--at", at).exit_code == 0
    assert names(landing) == ["2013-10-01T040000-delay.csv"]


def test_a_decision_before_the_clock_is_refused(landing: Path) -> None:
    for command in (("promote", JULY), ("rollback", "delay")):
        said = refusal(*command, "--at", "2013-10-01 03:59:59")
        assert "--at 2013-10-01T03:59:59Z lies before the clock" in said
        assert f"{CLOCK}: published rows stay" in said
    assert not landing.exists()


def test_an_instant_that_has_a_decision_is_refused(landing: Path) -> None:
    assert run("promote", JULY, "--why", "x", "--at", "2013-11-01").exit_code == 0
    file = landing / "2013-11-01T000000-delay.csv"
    content = file.read_bytes()
    said = refusal("promote", AUGUST, "--at", "2013-11-01")
    assert "--at 2013-11-01T00:00:00Z has a decision about delay already" in said
    assert str(file) in said
    assert file.read_bytes() == content
    assert names(landing) == [file.name]


def test_an_unknown_version_is_refused_with_those_there_are(landing: Path) -> None:
    said = refusal("promote", "delay-2013-10-01-0a1b2c3d")
    assert "no version 'delay-2013-10-01-0a1b2c3d'" in said
    assert f"its problem has {JULY}, {AUGUST}, {SEPTEMBER}." in said
    said = refusal("promote", "delay_minutes-2013-10-01-0a1b2c3d")
    assert "its problem has delay_minutes-2013-09-01-0a1b2c3d." in said
    said = refusal("promote", "september")
    assert "there are versions of delay, delay_minutes." in said
    assert not landing.exists()


def test_a_rollback_without_a_version_to_go_back_to_is_refused(landing: Path) -> None:
    said = refusal("rollback", "delay_minutes")
    assert "delay_minutes-2013-09-01-0a1b2c3d is the first in force" in said
    said = refusal("rollback", "arrivals")
    assert f"No version of 'arrivals' is in force at {CLOCK}" in said
    assert "those of delay, delay_minutes." in said
    assert not landing.exists()


def test_a_lake_without_versions_or_a_clock_is_told_apart(tmp_path: Path) -> None:
    execute(tmp_path / "lake", "delete from ml.models")
    assert "there are versions of no problem yet" in refusal("promote", JULY)
    execute(tmp_path / "lake", "update gold.clock set clock_at = null")
    assert "The lake has no clock" in refusal("rollback", "delay")
    execute(tmp_path / "lake", "drop view ml.predictions")
    assert "Nothing is built in this lake yet" in refusal("rollback", "delay")


def test_a_decision_says_who_and_why(landing: Path) -> None:
    assert run("promote", JULY).exit_code == 2
    blank = run("promote", JULY, "--why", " ")
    assert blank.exit_code == 1
    assert "--why is blank" in blank.stderr
    assert "--who is blank" in refusal("promote", JULY, "--who", "")
    assert not landing.exists()
