"""Goldleaf: the macros ``running_totals`` and ``trailing``, as dbt compiles them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.duckdb_engine import joined, run_script
from benchmarks.windows import FEATURES, WINDOWS, Feature

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCRIPT = "windows.sql"


def running_totals(feature: Feature) -> str:
    """Return the statement that makes a feature table."""
    arguments = (feature.events, feature.entity, feature.events, [feature.delay])
    return (
        f"create table features.{feature.table} as "
        f"{{{{ running_totals{arguments} }}}};\n"
    )


def trailing(feature: Feature) -> str:
    """Return the query of a feature's windows."""
    measures = {
        feature.table: ["count", feature.events],
        f"{feature.table}_delay_mean": ["mean", feature.delay, feature.events],
    }
    return (
        f"{{{{ trailing('examples', '{feature.table}', {feature.entity}, "
        f"{list(WINDOWS)}, {measures}) }}}}"
    )


def template() -> str:
    """Return the script for dbt to compile."""
    tables = "".join(running_totals(feature) for feature in FEATURES)
    queries = {feature.table: trailing(feature) for feature in FEATURES}
    return f"{tables}create table result as {joined(queries)}"


def run(inputs: Path) -> Callable[[Path], None]:
    """Run the script, which dbt compiled into the folder of the inputs."""
    return run_script(inputs, (inputs / SCRIPT).read_text())
