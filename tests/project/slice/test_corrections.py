"""A correction is known from its date: it never moves what was decided before.

The slice is without the correction; with it, the same months are built at once (on two
threads of DuckDB) and in a replay (on one).
"""

from __future__ import annotations

import csv
import io
import shutil
from typing import TYPE_CHECKING

import pytest
from conftest import WITHOUT_TESTS, Workspace

if TYPE_CHECKING:
    from pathlib import Path

OF_PROBLEM = "problem = 'arrival_delay'"
DATE = "2013-09-05"
KNOWN = f"timestamp '{DATE}'"


def write_correction(landing: Path, table: str, name: str, column: str) -> None:
    """Deliver every third row again, with 200 added to a column."""
    file = landing / table / f"{name}.csv"
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    corrected = [row for row in rows[::3] if row[column] not in ("", "NA")]
    for row in corrected:
        row[column] = str(int(row[column]) + 200)
    with (landing / table / f"{name}@{DATE}.csv").open("w", newline="") as delivery:
        writer = csv.DictWriter(delivery, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(corrected)
    assert len(corrected) > 100


@pytest.fixture(scope="module")
def lakes(
    some_flights: Workspace,
    late_arrivals: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Workspace]:
    """The same months without the corrections, with them, and replayed with them."""
    lakes = {
        name: Workspace(
            tmp_path_factory.mktemp(name), late_arrivals, duckdb_threads=threads
        )
        for name, threads in (("corrected", 2), ("replayed", 1))
    }
    landing = lakes["corrected"].landing
    shutil.copytree(some_flights.landing, landing)
    write_correction(landing, "flights", "2013-08", "arr_delay")
    write_correction(landing, "planes", "planes", "seats")
    lakes["corrected"].build(*WITHOUT_TESTS)  # the replay tests the same rows
    printed = lakes["replayed"].succeed(
        "goldleaf", "replay", "--from", "2013-08", "--to", "2013-09",
        "--source", str(landing),
    )  # fmt: skip
    assert "2013-08: 9 files landed" in printed
    assert "2013-09: 4 files landed" in printed
    return {"without": some_flights, **lakes}


def test_a_replay_with_corrections_equals_one_build(
    lakes: dict[str, Workspace],
) -> None:
    at_once = lakes["corrected"].hashes()
    assert lakes["replayed"].hashes() == at_once
    assert len(at_once) > 50


def test_silver_shows_the_correction_from_its_date(
    lakes: dict[str, Workspace],
) -> None:
    versions = """
        select count(*), min(known_at), max(known_at)
        from silver.arrivals where version = 2
    """
    count, first, last = lakes["corrected"].query(versions)[0]
    assert count > 500
    assert str(first) == str(last) == f"{DATE} 00:00:00"
    assert lakes["without"].query(versions)[0][0] == 0


@pytest.mark.parametrize("name", ["corrected", "replayed"])
def test_what_was_decided_before_does_not_move(
    lakes: dict[str, Workspace], name: str
) -> None:
    for query in (
        f"from ml.arrival_delay_predictions where prediction_at < {KNOWN}",
        f"from features.flights_at_prediction where prediction_at < {KNOWN}",
        "select model_id, artifact_sha256 from ml.models "
        f"where {OF_PROBLEM} and cutoff_at <= {KNOWN}",
        "select model_id, metric, value from ml.metrics where split = 'gate' "
        f"and {OF_PROBLEM} "
        f"and model_id in (select model_id from ml.models where cutoff_at <= {KNOWN})",
    ):
        rows = lakes["without"].query(f"{query} order by all")
        assert len(rows) >= 1
        assert lakes[name].query(f"{query} order by all") == rows, query


def test_what_comes_after_sees_it(lakes: dict[str, Workspace]) -> None:
    seats = f"""
        select flight_id, seats from features.flights_at_prediction
        where prediction_at > {KNOWN} and seats is not null order by all
    """
    assert lakes["corrected"].query(seats) != lakes["without"].query(seats)
    for query in (
        "select prediction from ml.predictions "
        f"where {OF_PROBLEM} and prediction_at > {KNOWN}",
        "select artifact_sha256 from ml.models "
        f"where {OF_PROBLEM} and cutoff_at > {KNOWN}",
    ):
        rows = lakes["without"].query(f"{query} order by all")
        assert len(rows) >= 1
        assert lakes["corrected"].query(f"{query} order by all") != rows, query


def test_monitoring_measures_against_the_corrected_label(
    lakes: dict[str, Workspace],
) -> None:
    labels = (
        "select entity_id, prediction_at, label, label_known_at from ml.predictions "
        f"where {OF_PROBLEM}"
    )
    before = {row[:2]: row[2] for row in lakes["without"].query(labels)}
    corrected = [
        (row[:2], row[2])
        for row in lakes["corrected"].query(labels)
        if str(row[3]) == f"{DATE} 00:00:00"
    ]
    assert len(corrected) > 500
    assert all(label == 1 for _, label in corrected)
    assert sum(before[key] == 0 for key, _ in corrected) > 300
    august = f"""
        select value from ml.track_record
        where {OF_PROBLEM} and metric = 'brier' and period = 'month'
        and until_month_local = '2013-08'
    """
    assert lakes["corrected"].value(august) != lakes["without"].value(august)
