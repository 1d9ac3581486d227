"""The contenders of the benchmarks agree, ties and empty windows included."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import duckdb
import pytest

from benchmarks.compare import differences
from benchmarks.duckdb_engine import run_script

if TYPE_CHECKING:
    from pathlib import Path

INPUTS = {
    "departures": """
        select
            if(i % 3 = 0, 'AA', 'UA') as carrier,
            i % 2 as flight_number,
            if(i % 5 < 3, 'EWR', 'JFK') as origin,
            if(i % 4 = 0, 'BOS', 'ORD') as destination,
            timestamp '2013-01-02' + to_minutes(i * 7 % 900 * 10) as known_at,
            cast(i * 37 % 200 - 20 as integer) as departure_delay_minutes
        from range(400) as numbers(i)
    """,
    "arrivals": """
        select * rename (departure_delay_minutes as arrival_delay_minutes)
        from departures
    """,
    "examples": """
        select
            i as example_number,
            if(i % 7 = 0, 'B6', if(i % 2 = 0, 'AA', 'UA')) as carrier,
            if(i % 4 = 0, 'EWR', 'JFK') as origin,
            if(i % 4 = 1, 'BOS', 'ORD') as destination,
            i % 3 as flight_number,
            i as flight_id,
            if(i % 6 = 0, null, 'N' || i % 11) as tail_number,
            timestamp '2013-01-01 22:00' + to_minutes(i * 13 % 950 * 10)
                as prediction_at
        from range(300) as numbers(i)
    """,
    "flight_schedule": """
        select
            flight_id,
            prediction_at - to_hours(flight_id % 3) as known_at,
            flight_id % 1440 as scheduled_minute_of_day,
            flight_id % 50 as scheduled_duration_minutes,
            flight_id * 3 as distance_miles
        from examples
    """,
    "aircraft_profile": """
        select
            'N' || i as tail_number,
            timestamp '1970-01-01' as known_at,
            if(i = 3, null, 1990 + i) as manufactured_year,
            100 + i as seats
        from range(9) as numbers(i)
    """,
    "aircraft_arrivals": """
        select
            'N' || i % 11 as tail_number,
            timestamp '2013-01-02' + to_minutes(i * 30) as known_at,
            i as arrival_delay_minutes_total
        from range(300) as numbers(i)
    """,
    "origin_weather": """
        select
            if(i % 2 = 0, 'EWR', 'JFK') as origin,
            timestamp '2013-01-02' + to_minutes(i * 30) as known_at,
            i + 0.5 as temperature_f,
            if(i % 9 = 0, null, i) as wind_speed_mph,
            10.0 as visibility_miles
        from range(300) as numbers(i)
    """,
    "route_arrivals": """
        select
            if(i % 2 = 0, 'EWR', 'JFK') as origin,
            if(i % 3 = 0, 'BOS', 'ORD') as destination,
            timestamp '2013-01-02' + to_minutes(i * 30) as known_at,
            i as arrivals_total,
            i // 4 as late_arrivals_total
        from range(300) as numbers(i)
    """,
}


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    connection = duckdb.connect()
    for name, sql in INPUTS.items():
        connection.execute(f"create table {name} as {sql}")
        connection.table(name).write_parquet(str(folder / f"{name}.parquet"))
    return folder


def result_of(module: str, inputs: Path) -> str:
    if "polars" in module:
        pytest.importorskip("polars")
    file = inputs.parent / f"{module}.parquet"
    importlib.import_module(f"benchmarks.{module}").run(inputs)(file)
    return str(file)


@pytest.mark.parametrize(
    ("module", "other"),
    [
        ("windows.duckdb_range_window", "windows.duckdb_prefix_sums"),
        ("windows.duckdb_range_window", "windows.pandas_rolling"),
        ("windows.duckdb_range_window", "windows.polars_rolling"),
        ("windows.duckdb_range_window", "windows.polars_join_asof"),
        ("as_of_join.pandas_merge_asof", "as_of_join.polars_join_asof"),
    ],
)
def test_contenders_agree(module: str, other: str, inputs: Path) -> None:
    assert differences(result_of(module, inputs), result_of(other, inputs)) == 0


@pytest.mark.parametrize(
    "change",
    [
        "where example_number <> 7",
        "union all by name select 7 as example_number, 1 as seats",
        "select * replace (if(example_number = 7, 2, seats) as seats)",
    ],
)
def test_a_row_lost_repeated_or_changed_is_a_difference(
    change: str, tmp_path: Path
) -> None:
    expected, found = (str(tmp_path / name) for name in ("a.parquet", "b.parquet"))
    rows = "from (select i as example_number, 1 as seats from range(9) as numbers(i))"
    duckdb.sql(rows).write_parquet(expected)
    duckdb.sql(f"{rows} {change}").write_parquet(found)
    assert differences(expected, expected) == 0
    assert differences(expected, found) == 1


def test_bounds_stand_in_place_of_the_profile_and_tables_lie_in_a_new_file(
    tmp_path: Path,
) -> None:
    script = """
        create table result as
        select 1 as example_number, name, value from duckdb_settings()
        where name in ('threads', 'memory_limit', 'TimeZone')
    """
    tables = tmp_path / "memory.duckdb"
    tables.write_text("what an earlier run left")
    write = run_script(tmp_path, script, {"threads": "1", "memory_limit": "32MiB"})
    assert tables.exists()
    write(tmp_path / "result.parquet")
    result = duckdb.read_parquet(str(tmp_path / "result.parquet"))
    assert dict(result.project("name, value").fetchall()) == {
        "TimeZone": "UTC",
        "memory_limit": "32.0 MiB",
        "threads": "1",
    }
