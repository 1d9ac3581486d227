"""Goldleaf: the models of drift, as dbt compiles them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.drift import MODELS
from benchmarks.duckdb_engine import run_script
from benchmarks.macros import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

SCRIPT = "drift.sql"

SCHEMAS = """
create schema gold; create schema ml; create schema monitoring;
create view gold.clock as from main.clock;
{% for table in ['models', 'champions', 'importances', 'scores'] %}
create view ml.{{ table }} as from main.{{ table }};
{% endfor %}
{% for problem in var('problems') %}
create view ml.{{ problem }}_dataset as from main.{{ problem }}_dataset;
{% endfor %}
"""

RESULT = """
create table result as
select
    row_number() over (order by week_from_at, feature) as example_number,
    ks,
    chi_squared
from monitoring.drift
where feature <> '(prediction)'
"""


def template() -> str:
    """Return the script for dbt to compile: the models in order.

    The grid is computed, for its time, and then that of the inputs is used: theirs was
    laid by it.
    """
    folder = ROOT / "models" / "monitoring" / "drift"
    tables = [
        f"create table monitoring.{name} as {(folder / f'{name}.sql').read_text()}"
        for name in MODELS
    ]
    tables.insert(
        1, "create or replace table monitoring.drift_steps as from main.drift_steps"
    )
    return SCHEMAS + ";\n".join([*tables, RESULT])


def run(
    inputs: Path, bounds: Mapping[str, str] | None = None
) -> Callable[[Path], None]:
    """Run the script, which dbt compiled into the folder of the inputs."""
    return run_script(inputs, (inputs / SCRIPT).read_text(), bounds)
