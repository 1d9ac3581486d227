"""DuckDB for the contenders that use it, with the settings of the project's profile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PROFILES = Path(__file__).parents[1] / "profiles.yml"


def run_script(
    inputs: Path, script: str, bounds: Mapping[str, str] | None = None
) -> Callable[[Path], None]:
    """Run SQL that makes the table ``result`` from the input files, which are views.

    Returns:
        What writes the result to a Parquet file.

    """
    connection = connect(inputs, bounds)
    connection.execute("create schema features")
    for file in inputs.glob("*.parquet"):
        connection.execute(f"create view {file.stem} as from '{file}'")
    connection.execute(script)
    return lambda file: connection.table("result").write_parquet(str(file))


def connect(
    inputs: Path, bounds: Mapping[str, str] | None = None
) -> duckdb.DuckDBPyConnection:
    """Return an empty DuckDB with the settings of the profile.

    Args:
        inputs: folder for what it spills, and for the file of its tables.
        bounds: settings in place of those of the profile. With them, tables lie in a
            file, as they do in the lake; without, in memory.

    """
    tables = inputs / "memory.duckdb"  # named as what lies in memory, where SQL looks
    tables.unlink(missing_ok=True)
    connection = duckdb.connect(tables if bounds else ":memory:")
    profile = yaml.safe_load(PROFILES.read_text())["goldleaf"]["outputs"]["lake"]
    for name, value in {**profile["settings"], **(bounds or {})}.items():
        connection.execute(f"set {name} = '{value}'")
    connection.execute(f"set temp_directory = '{inputs / 'spill'}'")
    return connection


def joined(queries: dict[str, str]) -> str:
    """Return SQL that puts the columns of queries side by side, as a dataset does."""
    steps = ", ".join(f"{name}_step as ({query})" for name, query in queries.items())
    first, *others = [f"{name}_step" for name in queries]
    joins = " ".join(f"inner join {other} using (example_number)" for other in others)
    return f"with {steps} select * from {first} {joins}"
