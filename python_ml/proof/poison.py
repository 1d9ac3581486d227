"""Writes landing files with another future: the same past, all that came later changed.

What was known before a cut-off stays exactly as it was delivered. What became known at
the cut-off or later is drawn anew from a seed, to the minute and consistently:
outcomes, weather and aircraft change, rows are added, removed and reordered, and
corrections of the past arrive. One SQL file a landing table says how.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import duckdb
import yaml

if TYPE_CHECKING:
    from pathlib import Path

_HELPERS = r"""
create macro chance(key, purpose) as
    hash(key || '|' || purpose || '|' || getvariable('seed')) / 18446744073709551616.0;
create macro draw(key, purpose, highest) as
    cast(floor(chance(key, purpose) * (highest + 1)) as integer);
create macro delivered_at(file) as coalesce(
    try_cast(regexp_extract(file, '@([^/]*)\.csv$', 1) as timestamp),
    timestamp '0001-01-01'
);
create macro is_known(by_nature, delivered) as
    greatest(by_nature, delivered) < getvariable('cutoff_at');
create macro in_zone(instant, zone) as timezone(zone, timezone('UTC', instant));
create macro minutes_of_clock(hhmm) as
    try_cast(hhmm as integer) // 100 * 60 + try_cast(hhmm as integer) % 100;
create macro minutes_until(later, earlier) as
    cast(ceil(date_diff('second', earlier, later) / 60) as integer);
create macro clock_of(instant, zone) as
    case strftime(in_zone(instant, zone), '%H%M')
        when '0000' then '2400'
        else cast(cast(strftime(in_zone(instant, zone), '%H%M') as integer) as varchar)
    end;
"""


class PoisonError(Exception):
    """The future of these files cannot be changed; the message says what to do."""


def poison(
    project: Path, landing: Path, target: Path, cutoff: datetime, seed: int
) -> None:
    """Write every landed file to another folder, with another future.

    Args:
        project: the dbt project's root; its variables say when things become known.
        landing: the landing folder to read.
        target: the folder to write; made if it is missing.
        cutoff: what was known before this instant (UTC) stays.
        seed: of every random choice.

    Raises:
        PoisonError: for a landing table of which no SQL file says what its future is.

    """
    tables = sorted(folder.name for folder in landing.iterdir() if folder.is_dir())
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(_HELPERS)
        for name, value in _variables(project, cutoff, seed).items():
            connection.execute(f"set variable {name} = $1", [value])
        connection.execute(
            f"create table airport_codes as from '{project}/seeds/airport_codes.csv'"
        )
        for table in tables:
            query = files("python_ml.proof") / f"poison_{table}.sql"
            if not query.is_file():
                raise PoisonError(
                    f"'{landing / table}' has no future to change: write "
                    f"python_ml/proof/poison_{table}.sql, which says what of a "
                    "delivered row was known when."
                )
            if not any((landing / table).glob("*.csv")):
                continue  # nothing is delivered, so nothing could come differently
            _read(connection, landing / table, table)
            connection.execute(query.read_text())
            _write(connection, table, target / table)


def _variables(project: Path, cutoff: datetime, seed: int) -> dict[str, Any]:
    declared = yaml.safe_load((project / "dbt_project.yml").read_text())["vars"]
    midnight = cutoff.replace(hour=0, minute=0, second=0)
    corrected = midnight if midnight == cutoff else midnight + timedelta(days=1)
    return {
        **declared,
        "cutoff_at": cutoff,
        "seed": seed,
        "correction_file": f"poison@{corrected:%Y-%m-%d}.csv",
    }


def _read(connection: duckdb.DuckDBPyConnection, folder: Path, table: str) -> None:
    connection.execute(
        f"""
        create table delivered_{table} as
        select
            * exclude (filename),
            parse_filename(filename) as file
        from read_csv(
            '{folder}/*.csv', delim = ',', quote = '"', escape = '"', header = true,
            all_varchar = true, nullstr = ['NA', ''], union_by_name = true,
            filename = true, ignore_errors = true
        );
        create view {table} as select *, rowid as row_number from delivered_{table}
        """
    )


def _write(connection: duckdb.DuckDBPyConnection, table: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = connection.execute(f"select distinct file from poisoned_{table} order by 1")
    columns = [
        column
        for column in connection.table(f"delivered_{table}").columns
        if column != "file"
    ]
    for (name,) in names.fetchall():
        connection.table(f"poisoned_{table}").filter(f"file = '{name}'").order(
            "position"
        ).project(", ".join(columns)).write_csv(
            str(folder / name), header=True, na_rep="NA"
        )
