"""What is delivered badly, twice or anew, on a small lake of real rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import Workspace

if TYPE_CHECKING:
    from pathlib import Path

FLIGHTS = "select count(*) from bronze.raw_flights"
REJECTED = "select file, line_number, reason from bronze.rejected_rows order by all"
SILVER = (
    "select departure_delay_minutes, version, cast(known_at as varchar) "
    "from silver.departures where flight_id = '2013-01-01|UA|1545|EWR' order by version"
)


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


def test_the_clock_stands_at_the_end_of_the_last_month(small: Workspace) -> None:
    assert small.value(FLIGHTS) == 800
    assert str(small.value("from gold.clock")) == "2013-03-01 05:00:00"


def test_a_copy_and_a_new_name_load_nothing(small: Workspace) -> None:
    january = small.landing / "flights" / "2013-01.csv"
    (january.parent / "copy.csv").write_bytes(january.read_bytes())
    january.rename(january.with_name("renamed.csv"))
    before = small.value(FLIGHTS)
    small.build_only("bronze", "silver")
    assert small.value(FLIGHTS) == before
    assert small.value("select count(*) from bronze.landed_files") == 4


def test_bad_lines_are_rejected_one_by_one_and_the_rest_loads(
    small: Workspace, landed_2013: Path
) -> None:
    march = head(landed_2013 / "flights" / "2013-03.csv", 5)
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
    folder = small.landing / "flights"
    (folder / "2013-03.csv").write_bytes(bad)
    (folder / "empty.csv").write_bytes(b"")
    (folder / "2013-04.csv").write_bytes(march.replace(b"tailnum", b"tail"))
    (folder / "2013-05@soon.csv").write_bytes(march)
    (small.landing / "weather" / "flights.csv").write_bytes(march)
    before = small.value(FLIGHTS)
    printed = small.build_only("bronze", "silver")
    assert "WARN" in printed
    assert "no_line_is_rejected" in printed
    assert small.value(FLIGHTS) == before + 2
    gates = small.query("select gate from bronze.raw_flights where gate is not null")
    assert sorted(gates) == [("B12",), ("C,1",)]
    rejected = small.query(REJECTED)
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


def test_a_correction_is_a_version_known_from_its_date(small: Workspace) -> None:
    folder = small.landing / "flights"
    content = (folder / "copy.csv").read_bytes().splitlines(keepends=True)
    corrected = content[1].replace(b",517,515,2,", b",545,515,30,")
    assert corrected != content[1]
    (folder / "2013-01@2013-02-20.csv").write_bytes(content[0] + corrected)
    assert small.query(SILVER) == [(2, 1, "2013-01-01 10:17:00")]
    small.build_only("bronze", "silver", "gold")
    assert small.query(SILVER) == [
        (2, 1, "2013-01-01 10:17:00"),
        (30, 2, "2013-02-20 00:00:00"),
    ]
    gold = "select departure_delay_minutes from gold.fct_flights where flight_id = "
    assert small.value(gold + "'2013-01-01|UA|1545|EWR'") == 30


def test_a_correction_older_than_the_fact_replaces_it(small: Workspace) -> None:
    folder = small.landing / "flights"
    header, first = (folder / "2013-02.csv").read_bytes().splitlines(keepends=True)[:2]
    flight = first.decode().split(",")
    changed = ",".join(["2013", "2", "1", *flight[3:11], "N12345", *flight[12:]])
    (folder / "2013-02@2013-01-15.csv").write_bytes(header + changed.encode())
    small.build_only("bronze", "silver", "gold")
    number, origin = flight[10], flight[12]
    assert small.query(
        "select tail_number, version from silver.aircraft_assignments "
        f"where flight_id = '2013-02-01|{flight[9]}|{number}|{origin}'"
    ) == [("N12345", 1)]


def test_a_changed_file_of_a_known_name_is_a_delivery_beside_the_old_one(
    small: Workspace,
) -> None:
    """What it changes is known from when it was loaded: the past is not rewritten."""
    february = small.landing / "flights" / "2013-02.csv"
    before = small.value(FLIGHTS)
    flights = small.value("select count(*) from silver.flights")
    lines = head(february, 201).splitlines(keepends=True)
    flight = lines[2].decode().split(",")
    changed = ",".join([*flight[:8], "77", *flight[9:]]).encode()
    february.write_bytes(b"".join([*lines[:2], changed, *lines[3:]]))
    small.build_only("bronze", "silver")
    assert small.value(FLIGHTS) == before + 200
    assert small.value("select count(*) from silver.flights") == flights
    arrivals = small.query(
        "select arrival_delay_minutes, version, year(known_at) "
        "from silver.arrivals where flight_id = "
        f"'2013-02-01|{flight[9]}|{flight[10]}|{flight[12]}' order by version"
    )
    assert [row[:2] for row in arrivals] == [(int(flight[8]), 1), (77, 2)]
    assert arrivals[0][2] == 2013
    assert arrivals[1][2] > 2013


def test_a_row_that_names_no_flight_is_kept_with_its_reason(small: Workspace) -> None:
    february = small.landing / "flights" / "2013-02.csv"
    header, first = february.read_bytes().splitlines(keepends=True)[:2]
    nameless = first.replace(b"2013,2,1,", b"2013,2,31,")
    undated = first.replace(b",EWR,", b",XXX,", 1)
    assert nameless != first
    assert undated != first
    (february.with_name("odd.csv")).write_bytes(
        header + nameless + first.replace(b"2013-02-01T", b"yesterday T")
    )
    small.build_only("bronze", "silver")
    rejected = small.query(
        "select row_number_in_file, reason from silver.rejected_records "
        "where file = 'flights/odd.csv' order by all"
    )
    assert [row for row, _ in rejected] == [1, 2]
    assert all(reason.startswith("no flight") for _, reason in rejected)


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
