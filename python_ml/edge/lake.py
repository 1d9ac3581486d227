"""Opens the lake: an embedded DuckLake, read through DuckDB."""

from __future__ import annotations

import importlib.resources
import os
from pathlib import Path
from typing import Literal

import duckdb

_IS_BUILT = """
select 1 from duckdb_views()
where database_name = 'lake' and schema_name = 'ml' and view_name = 'predictions'
"""

_RELATIONS = """
select schema_name || '.' || table_name from duckdb_tables()
where database_name = 'lake'
union all
select schema_name || '.' || view_name from duckdb_views()
where database_name = 'lake'
order by all
"""


class LakeError(Exception):
    """The lake cannot be read; the message says what to do."""


def lake_folder() -> Path:
    """Return the folder of the lake: ``GOLDLEAF_LAKE``, by default ``lake``."""
    return Path(os.environ.get("GOLDLEAF_LAKE", "lake"))


def load_ducklake(connection: duckdb.DuckDBPyConnection) -> None:
    """Load the DuckLake extension from its wheel, so that nothing is downloaded."""
    path = (
        importlib.resources.files("duckdb_extension_ducklake")
        / "extensions"
        / f"v{duckdb.__version__}"
        / "ducklake.duckdb_extension"
    )
    connection.load_extension(str(path))


def connect() -> duckdb.DuckDBPyConnection:
    """Return a DuckDB in memory, in UTC, to which lakes can be attached."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    load_ducklake(connection)
    return connection


def open_lake(folder: Path) -> duckdb.DuckDBPyConnection:
    """Open the lake read-only, with its schemas (``gold``, ``ml``, ...) in scope.

    Raises:
        LakeError: when there is no lake yet, or another process is writing to it.

    """
    connection = connect()
    attach_lake(connection, folder, "lake")
    connection.execute("use lake")
    return connection


def attach_lake(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    alias: str,
    mode: Literal["read_only", "read_write"] = "read_only",
) -> None:
    """Attach a lake that exists under a name.

    Raises:
        LakeError: when there is no lake yet, or another process is writing to it.

    """
    catalog = folder / "catalog.ducklake"
    if not catalog.exists():
        raise LakeError(
            f"There is no lake at '{folder}': run `dbt build` from the project's root, "
            "or set GOLDLEAF_LAKE to the folder of a lake."
        )
    try:
        connection.execute(
            f"attach 'ducklake:{catalog}' as {alias} "
            f"(data_path '{folder}/data/', override_data_path true, {mode})"
        )
    except duckdb.IOException as error:
        raise LakeError(
            f"The lake at '{folder}' is in use by another process, most likely a dbt "
            f"command: wait until it ends and try again. ({error})"
        ) from error


def relation_names(lake: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the tables and views of a lake as schema.name, in order."""
    return [name for (name,) in lake.execute(_RELATIONS).fetchall()]


def require_built(lake: duckdb.DuckDBPyConnection) -> None:
    """Refuse a lake into which nothing is built.

    Raises:
        LakeError: when it has no predictions, the last of its tables.

    """
    if not lake.execute(_IS_BUILT).fetchone():
        raise LakeError("Nothing is built in this lake yet: run `dbt build`.")


def problem_of(lake: duckdb.DuckDBPyConnection, model_id: str) -> str:
    """Return the problem that a version is of.

    Raises:
        LakeError: when there is no such version; the message says which there are.

    """
    problems: dict[str, str] = dict(
        lake.execute("select model_id, problem from ml.models order by all").fetchall()
    )
    if model_id in problems:
        return problems[model_id]
    of_problem = [
        version
        for version, problem in problems.items()
        if model_id.startswith(f"{problem}-")
    ]
    if of_problem:
        there_is = f"its problem has {', '.join(of_problem)}"
    else:
        there_is = f"there are versions of {listed(set(problems.values()))}"
    raise LakeError(f"There is no version '{model_id}' in ml.models: {there_is}.")


def listed(problems: set[str]) -> str:
    """Return the names of problems as one text."""
    return ", ".join(sorted(problems)) or "no problem yet"
