"""Writes the inputs from the lake and prints the number of examples of each size.

``python -m benchmarks.inputs <folder> <size> ...``
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import as_of_join, windows
from benchmarks.as_of_join import goldleaf as goldleaf_join
from benchmarks.macros import compiled
from benchmarks.windows import goldleaf as goldleaf_windows
from python_ml.edge.lake import LakeError, lake_folder, open_lake

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EXAMPLES = """
    select
        flights.flight_id,
        flights.carrier,
        flights.flight_number,
        flights.origin,
        flights.destination,
        aircraft.tail_number,
        flights.scheduled_departure_at - interval 2 hours as prediction_at
    from silver.flights as flights
    asof left join features.flight_aircraft as aircraft
        on
            flights.flight_id = aircraft.flight_id
            and flights.scheduled_departure_at - interval 2 hours > aircraft.known_at
"""
SIZES = {
    "1x": {"copies": 1},
    "10x": {"copies": 10},
    "4000": {"rows": 4_000},
    "16000": {"rows": 16_000},
}
KEYS = ("flight_id", "carrier", "origin", "tail_number")
"""A copy has keys of its own: more entities, each with as many rows as it really has.

Destinations and flight numbers stay: they name an entity only beside one of these.
"""


def write_inputs(folder: Path, copies: int = 1, rows: int | None = None) -> int:
    """Write the examples, or ``rows`` of them by hash, the events and the features.

    Returns:
        The number of examples.

    """
    folder.mkdir(parents=True, exist_ok=True)
    with open_lake(lake_folder()) as lake:

        def write(name: str, sql: str) -> None:
            lake.execute(f"copy ({sql}) to '{folder}/{name}.parquet'")

        chosen = f"order by md5(flight_id) limit {rows}" if rows else ""
        examples = copied(lake, f"select * from ({EXAMPLES}) {chosen}", copies)
        number = "row_number() over (order by prediction_at, flight_id)"
        write("examples", f"select {number} as example_number, * from ({examples})")
        for events, delay in {(each.events, each.delay) for each in windows.FEATURES}:
            entities = "carrier, flight_number, origin, destination"
            columns = f"{entities}, known_at, {delay}"
            first = f"select {columns} from silver.{events} where version = 1"
            write(events, copied(lake, first, copies))
        for feature in as_of_join.FEATURES:
            every = f"select * from features.{feature.table}"
            write(feature.table, copied(lake, every, copies))
        ((count,),) = lake.sql(f"select count(*) from ({examples})").fetchall()
    return int(count)


def copied(lake: DuckDBPyConnection, sql: str, copies: int) -> str:
    """Return SQL for ``copies`` of a relation, the first of them as it is."""
    columns = ", ".join(
        f"case when copy = 0 then {key} else {key} || '-' || copy end as {key}"
        for key in KEYS
        if key in lake.sql(sql).columns
    )
    return (
        f"select * exclude (copy) replace ({columns}) "
        f"from ({sql}) cross join range({copies}) as copies(copy)"
    )


def main() -> None:
    """Write what the benchmarks read, and the project's SQL beside it."""
    folder, *sizes = sys.argv[1:]
    scripts = {
        module.SCRIPT: compiled(module.template())
        for module in (goldleaf_windows, goldleaf_join)
    }
    counts = {}
    for size in sizes:
        of_size = Path(folder) / size
        counts[size] = write_inputs(of_size, **SIZES[size])
        for script, sql in scripts.items():
            (of_size / script).write_text(sql)
    print(json.dumps(counts))


if __name__ == "__main__":
    try:
        main()
    except LakeError as error:
        sys.exit(f"{error}\n`make run` builds one.")
