"""In which order a replay delivers files; the builds between are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from python_ml.proof.builds import Build
from python_ml.proof.replay import ReplayError, replay

if TYPE_CHECKING:
    from pathlib import Path

FILES = (
    "flights/2013-06.csv",
    "flights/2013-07.csv",
    "flights/2013-08.csv",
    "flights/2013-09.csv",
    "flights/2013-06@2013-08-31.csv",
    "flights/2013-06@2013-09-01.csv",
    "flights/2013-06@2013-09-02.csv",
    "flights/2013-06@soon.csv",
    "planes/planes.csv",
    "decisions/2013-08-31T230000-delay.csv",
    "decisions/2013-09-02T000000-delay.csv",
    "decisions/2013-13-01T000000-delay.csv",
)


class Recorded(Build):
    """Notes what is landed at each build instead of building."""

    def run(self, name: str, report: Any, *_: str) -> None:
        report(name, sorted(str(p.name) for p in self.landing.rglob("*.csv")))


def replayed(tmp_path: Path, first: str, last: str) -> dict[str, list[str]]:
    source = tmp_path / "source"
    for file in FILES:
        (source / file).parent.mkdir(parents=True, exist_ok=True)
        (source / file).write_text(file)
    build = Recorded(tmp_path, tmp_path, tmp_path / "landing", tmp_path / "lake")
    landed: dict[str, list[str]] = {}
    counts = dict(replay(source, build, first, last, landed.__setitem__))
    assert sum(counts.values()) == len(landed[f"after {last}"])
    return landed


def test_files_come_with_the_month_that_ends_on_their_date_or_later(
    tmp_path: Path,
) -> None:
    landed = replayed(tmp_path, "2013-07", "2013-09")
    assert list(landed) == ["after 2013-07", "after 2013-08", "after 2013-09"]
    july, august, september = landed.values()
    # A name that says no date comes first: bronze says what is wrong with it.
    assert july == [
        "2013-06.csv",
        "2013-06@soon.csv",
        "2013-07.csv",
        "2013-13-01T000000-delay.csv",
        "planes.csv",
    ]
    assert sorted(set(august) - set(july)) == [
        "2013-06@2013-08-31.csv",
        "2013-06@2013-09-01.csv",
        "2013-08-31T230000-delay.csv",
        "2013-08.csv",
    ]
    assert sorted(set(september) - set(august)) == [
        "2013-06@2013-09-02.csv",
        "2013-09-02T000000-delay.csv",
        "2013-09.csv",
    ]


def test_a_year_ends_with_its_december(tmp_path: Path) -> None:
    landed = replayed(tmp_path, "2013-12", "2014-01")
    assert list(landed) == ["after 2013-12", "after 2014-01"]


def test_a_replay_goes_forward_only(tmp_path: Path) -> None:
    with pytest.raises(ReplayError, match="--to 2013-06 lies before --from 2013-07"):
        replayed(tmp_path, "2013-07", "2013-06")
    replayed(tmp_path, "2013-09", "2013-09")
    with pytest.raises(ReplayError, match="is landed already, before its time"):
        replayed(tmp_path, "2013-06", "2013-07")
