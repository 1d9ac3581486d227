"""Lakes with the few relations that a command reads."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from python_ml.edge.lake import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection


@contextmanager
def writing(folder: Path) -> Iterator[DuckDBPyConnection]:
    """Open a lake to write, and make it if it is missing."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    with connect() as connection:
        connection.execute(
            f"attach 'ducklake:{folder}/catalog.ducklake' as lake "
            f"(data_path '{folder}/data/', override_data_path true); use lake"
        )
        yield connection


def execute(folder: Path, statements: str) -> None:
    with writing(folder) as lake:
        lake.execute(statements)
