"""Goldleaf: the macro ``point_in_time_join``, as dbt compiles it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.as_of_join import FEATURES, Feature
from benchmarks.duckdb_engine import joined, run_script

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCRIPT = "as_of_join.sql"


def latest(feature: Feature) -> str:
    """Return the query of a feature table's latest values."""
    return (
        f"{{{{ point_in_time_join('examples', '{feature.table}', {feature.entity}, "
        f"{feature.columns}) }}}}"
    )


def template() -> str:
    """Return the script for dbt to compile."""
    views = "".join(
        f"create view features.{feature.table} as from main.{feature.table};\n"
        for feature in FEATURES
    )
    queries = {feature.table: latest(feature) for feature in FEATURES}
    return f"{views}create table result as {joined(queries)}"


def run(inputs: Path) -> Callable[[Path], None]:
    """Run the script, which dbt compiled into the folder of the inputs."""
    return run_script(inputs, (inputs / SCRIPT).read_text())
