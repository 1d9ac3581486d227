"""Another future of what people decide; that of other tables is built and compared."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from python_ml.proof.poison import poison

ROOT = Path(__file__).parents[2]
CUTOFF = datetime(2013, 8, 14, 20)
HEADER = "decided_at,problem,model_id,action,decided_by,reason\n"


def row(instant: str, number: int) -> str:
    return f'{instant},delay,delay-{number},promote,ada,"better, they ""say"""\n'


PAST = {
    "2013-08-01T060000-delay.csv": HEADER + row("2013-08-01T06:00:00Z", 1),
    "2013-08-14T195959-delay.csv": HEADER + row("2013-08-14T19:59:59Z", 2),
    "2013-08-01T060000-delay@2013-08-14.csv": HEADER + row("2013-08-01T06:00:00Z", 3),
    "in_another_zone.csv": HEADER + row("2013-08-14 21:59:59+02:00", 4),
}
FUTURE = {
    **{
        f"2013-08-{day}T060000-delay.csv": HEADER + row(f"2013-08-{day}T06:00:00Z", day)
        for day in range(15, 30)
    },
    "2013-08-14T200000-delay.csv": HEADER + row("2013-08-14T20:00:00Z", 5),
    "2013-08-01T060000-delay@2013-08-15.csv": HEADER + row("2013-08-01T06:00:00Z", 6),
}


@pytest.fixture
def poisoned(tmp_path: Path) -> Path:
    (tmp_path / "landing" / "decisions").mkdir(parents=True)
    for name, content in {**PAST, **FUTURE}.items():
        (tmp_path / "landing" / "decisions" / name).write_text(content)
    poison(ROOT, tmp_path / "landing", tmp_path / "poisoned", CUTOFF, seed=11)
    return tmp_path / "poisoned" / "decisions"


def test_decisions_taken_before_the_cutoff_stay(poisoned: Path) -> None:
    for name, content in PAST.items():
        assert (poisoned / name).read_text() == content, name


def test_no_later_decision_stays(poisoned: Path) -> None:
    lines = "".join(path.read_text() for path in poisoned.iterdir()).splitlines()
    later = "".join(FUTURE.values()).splitlines()
    assert set(lines) & set(later) == {HEADER.strip()}
    kept = [name for name in FUTURE if (poisoned / name).exists()]
    assert 0 < len(kept) < len(FUTURE)


def test_decisions_come_from_the_cutoff_on_about_versions_there_are(
    poisoned: Path,
) -> None:
    new = (poisoned / "poison.csv").read_text().splitlines()[1:]
    assert [line.split(",")[0] for line in sorted(new)] == [
        "2013-08-14T20:00:00Z",
        "2013-08-14T21:00:00Z",
        "2013-08-14T22:00:00Z",
    ]
    versions = {f"delay-{number}" for number in range(30)}
    assert {line.split(",")[2] for line in new} <= versions


def test_past_decisions_are_corrected(poisoned: Path) -> None:
    corrected = (poisoned / "poison@2013-08-15.csv").read_text().splitlines()[1:]
    assert corrected
    assert {line.split(",")[0] for line in corrected} <= {
        content.splitlines()[1].split(",")[0] for content in PAST.values()
    }


@pytest.mark.parametrize("folder", ["landing/decisions", "landing"])
def test_where_nobody_decided_nobody_decides(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir(parents=True)
    poison(ROOT, tmp_path / "landing", tmp_path / "poisoned", CUTOFF, seed=11)
    assert list(tmp_path.glob("poisoned/**/*.csv")) == []
