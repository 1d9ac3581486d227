"""What is delivered badly, twice or anew, on a small lake of real rows.

All of it comes at once, after a first build; the tests say what becomes of each file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from conftest import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    Rows = list[tuple[Any, ...]]

LOADED = "select count(*) from bronze.raw_flights"
FLIGHTS = (
    "select flight_id from silver.flights where flight_date_local < date '2013-03-01' "
    "order by all"
)
SILVER = (
    "select departure_delay_minutes, version, cast(known_at as varchar) "
    "from silver.departures where flight_id = '2013-01-01|UA|1545|EWR' order by version"
)

CORRECTED = 300
"""The line of February that is corrected, below those that are delivered anew."""


class Delivered(NamedTuple):
    """The lake after the second build, and what was there after the first."""

    workspace: Workspace
    printed: str
    loaded: int
    clock: str
    departures: Rows
    flights: Rows


def head(path: Path, lines: int) -> bytes:
    return b"".join(path.read_bytes().splitlines(keepends=True)[:lines])


@pytest.fixture(scope="module")
def small(
    landed_2013: Path, late_arrivals: Path, tmp_path_factory: pytest.TempPathFactory
) -> Workspace:
    """January and February: the first flights of each, in bronze, silver and gold."""
    workspace = Workspace(tmp_path_factory.mktemp("small"), late_arrivals)
    for table, names in {
        "flights": ("2013-01", "2013-02"),
        "weather": ("2013-01",),
        "planes": ("planes",),
    }.items():
        (workspace.landing / table).mkdir(parents=True)
        for name in names:
            source = landed_2013 / table / f"{name}.csv"
            content = head(source, 401)
            (workspace.landing / table / f"{name}.csv").write_bytes(content)
    workspace.build_only("resource_type:seed", "bronze", "silver", "gold")
    return workspace


@pytest.fixture(scope="module")
def january(landed_2013: Path) -> list[bytes]:
    """Its lines, the header first."""
    return head(landed_2013 / "flights" / "2013-01.csv", 401).splitlines(keepends=True)


@pytest.fixture(scope="module")
def february(landed_2013: Path) -> list[bytes]:
    return head(landed_2013 / "flights" / "2013-02.csv", 401).splitlines(keepends=True)


@pytest.fixture(scope="module")
def delivered(
    small: Workspace, january: list[bytes], february: list[bytes], landed_2013: Path
) -> Delivered:
    loaded, clock = small.value(LOADED), str(small.value("from gold.clock"))
    departures, flights = small.query(SILVER), small.query(FLIGHTS)
    folder = small.landing / "flights"
    copy_and_rename(folder)
    write_bad_lines(small.landing, head(landed_2013 / "flights" / "2013-03.csv", 5))
    write_corrections(folder, january, february)
    write_rows_that_name_no_flight(folder, february)
    printed = small.build_only("bronze", "silver", "gold")
    return Delivered(small, printed, loaded, clock, departures, flights)


def copy_and_rename(folder: Path) -> None:
    january = folder / "2013-01.csv"
    (folder / "copy.csv").write_bytes(january.read_bytes())
    january.rename(folder / "renamed.csv")


def write_bad_lines(landing: Path, march: bytes) -> None:
    header, *rows = march.splitlines()
    bad = b"\r\n".join(
        [
            b"\xef\xbb\xbf" + header + b",gate",
            rows[0] + b",B12",
            b"2013,3,1",
            b"",
            rows[1] + b",\xff",
            rows[2] + b',"unclosed',
            rows[3] + b',"C,1"',
        ]
    )
    (landing / "flights" / "2013-03.csv").write_bytes(bad)
    (landing / "flights" / "empty.csv").write_bytes(b"")
    (landing / "flights" / "2013-04.csv").write_bytes(
        march.replace(b"tailnum", b"tail")
    )
    (landing / "flights" / "2013-05@soon.csv").write_bytes(march)
    (landing / "weather" / "flights.csv").write_bytes(march)


def write_corrections(
    folder: Path, january: list[bytes], february: list[bytes]
) -> None:
    """One dated later than the fact, one earlier, and the half of a file, changed."""
    corrected = january[1].replace(b",517,515,2,", b",545,515,30,")
    assert corrected != january[1]
    (folder / "2013-01@2013-02-20.csv").write_bytes(january[0] + corrected)
    flight = february[CORRECTED].decode().split(",")
    changed = ",".join(["2013", "2", "1", *flight[3:11], "N12345", *flight[12:]])
    (folder / "2013-02@2013-01-15.csv").write_bytes(february[0] + changed.encode())
    flight = february[2].decode().split(",")
    changed = ",".join([*flight[:8], "77", *flight[9:]])
    (folder / "2013-02.csv").write_bytes(
        b"".join([*february[:2], changed.encode(), *february[3:201]])
    )


def write_rows_that_name_no_flight(folder: Path, february: list[bytes]) -> None:
    nameless = february[1].replace(b"2013,2,1,", b"2013,2,31,")
    undated = february[1].replace(b",EWR,", b",XXX,", 1)
    assert nameless != february[1]
    assert undated != february[1]
    (folder / "odd.csv").write_bytes(
        february[0] + nameless + february[1].replace(b"2013-02-01T", b"yesterday T")
    )


def rows_of(delivered: Delivered, file: str) -> int:
    rows: int = delivered.workspace.value(f"{LOADED} where _file = 'flights/{file}'")
    return rows


def test_the_clock_stands_at_the_end_of_the_last_month(delivered: Delivered) -> None:
    assert delivered.loaded == 800
    assert delivered.clock == "2013-03-01 05:00:00"


def test_a_copy_and_a_new_name_load_nothing(delivered: Delivered) -> None:
    assert rows_of(delivered, "2013-01.csv") == 400
    for file in ("copy.csv", "renamed.csv"):
        assert rows_of(delivered, file) == 0
        assert (delivered.workspace.landing / "flights" / file).exists()
    landed = delivered.workspace.query(
        "select _file from bronze.landed_files order by all"
    )
    assert [file for (file,) in landed] == [
        "flights/2013-01.csv",
        "flights/2013-01@2013-02-20.csv",
        "flights/2013-02.csv",
        "flights/2013-02.csv",
        "flights/2013-02@2013-01-15.csv",
        "flights/2013-03.csv",
        "flights/2013-04.csv",
        "flights/2013-05@soon.csv",
        "flights/empty.csv",
        "flights/odd.csv",
        "planes/planes.csv",
        "weather/2013-01.csv",
        "weather/flights.csv",
    ]
    # Half of February anew, the good lines of March, two corrections, the odd rows.
    assert delivered.workspace.value(LOADED) == delivered.loaded + 200 + 2 + 1 + 1 + 2


def test_bad_lines_are_rejected_one_by_one_and_the_rest_loads(
    delivered: Delivered,
) -> None:
    lake = delivered.workspace
    assert "WARN" in delivered.printed
    assert "no_line_is_rejected" in delivered.printed
    assert rows_of(delivered, "2013-03.csv") == 2
    gates = lake.query("select gate from bronze.raw_flights where gate is not null")
    assert sorted(gates) == [("B12",), ("C,1",)]
    rejected = lake.query("select file, line_number, reason from bronze.rejected_rows")
    by_file = {file: 0 for file, _, _ in rejected}
    for file, _, _ in rejected:
        by_file[file] += 1
    assert by_file == {
        "flights/2013-03.csv": 4,
        "flights/2013-04.csv": 5,
        "flights/2013-05@soon.csv": 5,
        "weather/flights.csv": 5,
    }
    reasons = {(file, line): reason for file, line, reason in rejected}
    assert reasons["flights/2013-03.csv", 3] == "3 fields, expected 20"
    assert reasons["flights/2013-03.csv", 4] == "blank line"
    assert reasons["flights/2013-03.csv", 5].startswith("not UTF-8")
    assert reasons["flights/2013-03.csv", 6] == "unclosed quote"
    assert "missing required column tailnum" in reasons["flights/2013-04.csv", 1]
    assert "'soon'" in reasons["flights/2013-05@soon.csv", 1]


def test_a_correction_is_a_version_known_from_its_date(delivered: Delivered) -> None:
    assert delivered.departures == [(2, 1, "2013-01-01 10:17:00")]
    assert delivered.workspace.query(SILVER) == [
        (2, 1, "2013-01-01 10:17:00"),
        (30, 2, "2013-02-20 00:00:00"),
    ]
    gold = "select departure_delay_minutes from gold.fct_flights where flight_id = "
    assert delivered.workspace.value(gold + "'2013-01-01|UA|1545|EWR'") == 30


def test_a_correction_older_than_the_fact_replaces_it(
    delivered: Delivered, february: list[bytes]
) -> None:
    flight = february[CORRECTED].decode().split(",")
    assert delivered.workspace.query(
        "select tail_number, version from silver.aircraft_assignments "
        f"where flight_id = '2013-02-01|{flight[9]}|{flight[10]}|{flight[12]}'"
    ) == [("N12345", 1)]


def test_a_changed_file_of_a_known_name_is_a_delivery_beside_the_old_one(
    delivered: Delivered, february: list[bytes]
) -> None:
    """What it changes is known from when it was loaded: the past is not rewritten."""
    lake = delivered.workspace
    assert rows_of(delivered, "2013-02.csv") == 400 + 200
    assert lake.query(FLIGHTS) == delivered.flights
    flight = february[2].decode().split(",")
    arrivals = lake.query(
        "select arrival_delay_minutes, version, year(known_at) "
        "from silver.arrivals where flight_id = "
        f"'2013-02-01|{flight[9]}|{flight[10]}|{flight[12]}' order by version"
    )
    assert [row[:2] for row in arrivals] == [(int(flight[8]), 1), (77, 2)]
    assert arrivals[0][2] == 2013
    assert arrivals[1][2] > 2013


def test_a_row_that_names_no_flight_is_kept_with_its_reason(
    delivered: Delivered,
) -> None:
    rejected = delivered.workspace.query(
        "select row_number_in_file, reason from silver.rejected_records "
        "where file = 'flights/odd.csv' order by all"
    )
    assert [row for row, _ in rejected] == [1, 2]
    assert all(reason.startswith("no flight") for _, reason in rejected)


def test_before_the_first_cutoff_there_is_no_version(delivered: Delivered) -> None:
    lake = delivered.workspace
    lake.build_only("features", "ml", "monitoring", "marts")
    assert lake.value("select count(*) from ml.arrival_delay_dataset") > 100
    for table in ("ml.models", "ml.predictions", "ml.champions", "ml.explanations"):
        assert lake.value(f"select count(*) from {table}") == 0
    assert lake.value("select count(*) from marts.flight_risk") > 100


def test_with_nothing_landed_dbt_says_what_to_do(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for command in ("build", "run", "test"):
        done = workspace.run("dbt", command)
        assert done.returncode != 0
        assert "goldleaf land nycflights13" in done.stdout, command
    for command in (["seed"], ["docs", "generate"]):
        done = workspace.run("dbt", *command)
        assert done.returncode == 0, done.stdout
        assert "goldleaf land nycflights13" in done.stdout, command


def test_without_seeds_dbt_run_says_what_to_do(
    small: Workspace, tmp_path: Path
) -> None:
    workspace = Workspace(tmp_path)
    workspace.landing.symlink_to(small.landing)
    done = workspace.run("dbt", "run")
    assert done.returncode != 0
    assert "Run `dbt seed` first" in done.stdout


def test_a_table_that_the_catalog_lost_stops_the_build(small: Workspace) -> None:
    """A stray in schema main is how a lost table shows: see macros/lake.sql."""
    script = (
        "from python_ml.edge.lake import load_ducklake; import duckdb;"
        "c = duckdb.connect(); load_ducklake(c);"
        "c.execute(\"attach 'ducklake:lake/catalog.ducklake' as lake "
        "(data_path 'lake/data/')\");"
        "c.execute('%s')"
    )
    small.succeed("python", "-c", script % "create table lake.main.stray as select 1")
    done = small.run("dbt", "run", "--select", "dim_airlines")
    assert done.returncode != 0
    assert "main.stray" in done.stdout
    small.succeed("python", "-c", script % "drop table lake.main.stray")
    small.succeed("dbt", "run", "--select", "dim_airlines")
