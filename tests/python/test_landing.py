from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from python_ml.edge.landing import LandedFile, land_nycflights13, landing_folder

MONTHS = [f"2013-{month:02}" for month in range(1, 13)]


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[LandedFile]]:
    folder = tmp_path_factory.mktemp("landing")
    return folder, list(land_nycflights13(folder))


def names(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
    )


def test_a_year_lands_as_one_file_a_month(
    landed: tuple[Path, list[LandedFile]],
) -> None:
    folder, files = landed
    expected = [
        *(f"flights/{month}.csv" for month in MONTHS),
        "planes/planes.csv",
        *(f"weather/{month}.csv" for month in MONTHS),
    ]
    assert names(folder) == expected  # and so no .part file
    assert (
        sorted(file.path.relative_to(folder).as_posix() for file in files) == expected
    )
    assert {file.outcome for file in files} == {"landed"}


@pytest.mark.parametrize(
    ("table", "first_columns", "rows"),
    [
        ("flights", b"year,month,day,dep_time,", 336_776),
        ("weather", b"origin,year,month,day,hour,", 26_115),
        ("planes", b"tailnum,year,type,", 3_322),
    ],
)
def test_every_file_has_the_header_and_no_row_is_lost(
    landed: tuple[Path, list[LandedFile]], table: str, first_columns: bytes, rows: int
) -> None:
    contents = [path.read_bytes() for path in (landed[0] / table).iterdir()]
    headers = {content.splitlines()[0] for content in contents}
    assert len(headers) == 1
    assert headers.pop().startswith(first_columns)
    assert sum(len(content.splitlines()) - 1 for content in contents) == rows


def test_a_file_holds_the_rows_of_its_month(
    landed: tuple[Path, list[LandedFile]],
) -> None:
    content = (landed[0] / "flights" / "2013-02.csv").read_bytes()
    _, *rows = content.splitlines()
    assert {row.split(b",")[:2] == [b"2013", b"2"] for row in rows} == {True}
    assert len(rows) == 24_951


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (date(2013, 1, 31), ["planes/planes.csv"]),
        (
            date(2013, 2, 1),
            ["flights/2013-01.csv", "planes/planes.csv", "weather/2013-01.csv"],
        ),
    ],
)
def test_only_months_that_were_over_are_landed(
    tmp_path: Path, until: date, expected: list[str]
) -> None:
    files = list(land_nycflights13(tmp_path, until))
    assert names(tmp_path) == expected
    assert len(files) == len(expected)


def test_december_is_over_with_the_year(tmp_path: Path) -> None:
    list(land_nycflights13(tmp_path, date(2013, 12, 31)))
    assert "flights/2013-12.csv" not in names(tmp_path)
    last = [f.path.name for f in land_nycflights13(tmp_path, date(2014, 1, 1))]
    assert last.count("2013-12.csv") == 2


def test_a_second_run_changes_nothing_and_keeps_a_changed_file(
    landed: tuple[Path, list[LandedFile]],
) -> None:
    folder, _ = landed
    changed = folder / "weather" / "2013-05.csv"
    original = changed.read_bytes()
    again = Counter(file.outcome for file in land_nycflights13(folder))
    changed.write_bytes(b"changed\n")
    try:
        third = list(land_nycflights13(folder))
        assert [f.path for f in third if f.outcome == "kept"] == [changed]
        assert Counter(f.outcome for f in third) == {"unchanged": 24, "kept": 1}
        assert changed.read_bytes() == b"changed\n"
    finally:
        changed.write_bytes(original)
    assert again == {"unchanged": 25}


def test_the_folder_is_the_environments_or_landing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GOLDLEAF_LANDING", "/somewhere")
    assert landing_folder() == Path("/somewhere")
    monkeypatch.delenv("GOLDLEAF_LANDING")
    assert landing_folder() == Path("landing")
