"""DuckDB for the contenders that use it, with the settings of the project's profile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

PROFILES = Path(__file__).parents[1] / "profiles.yml"


def run_script(inputs: Path, script: str) -> Callable[[Path], None]:
    """Run SQL that makes the table ``result`` from the input files, which are views.

    Returns:
        What writes the result to a Parquet file.

    """
    connection = connect(inputs)
    connection.execute("create schema features")
    for file in inputs.glob("*.parquet"):
        connection.execute(f"create view {file.stem} as from '{file}'")
    connection.execute(script)
    return lambda file: connection.table("result").write_parquet(str(file))


def connect(inputs: Path) -> duckdb.DuckDBPyConnection:
    """Return a DuckDB in memory with the settings of the profile."""
    connection = duckdb.connect()
    profile = yaml.safe_load(PROFILES.read_text())["goldleaf"]["outputs"]["lake"]
    for name, value in profile["settings"].items():
        connection.execute(f"set {name} = '{value}'")
    connection.execute(f"set temp_directory = '{inputs / 'spill'}'")
    return connection


def joined(queries: dict[str, str]) -> str:
    """Return SQL that puts the columns of queries side by side, as a dataset does."""
    steps = ", ".join(f"{name}_step as ({query})" for name, query in queries.items())
    first, *others = [f"{name}_step" for name in queries]
    joins = " ".join(f"inner join {other} using (example_number)" for other in others)
    return f"with {steps} select * from {first} {joins}"
