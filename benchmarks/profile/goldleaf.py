"""Goldleaf: the macro ``column_profiles``, as dbt compiles it, a column at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.duckdb_engine import run_script
from benchmarks.profile import TABLE
from benchmarks.profile.rows import columns

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCRIPT = "profile.sql"

RESULT = """
create table result as
select
    position as example_number,
    rows, missing, infinite, distinct_values,
    minimum, p05, p25, median, p75, p95, maximum,
    mean, standard_deviation, outlier_share,
    {bins},
    {tops}
from profiled
""".format(
    bins=", ".join(f"histogram[{n}] as bin_{n}" for n in range(1, 11)),
    tops=", ".join(f"top_values[{n}].n as top_{n}" for n in range(1, 6)),
)


def template() -> str:
    """Return the script for dbt to compile."""
    numbered = enumerate(columns().items(), start=1)
    # A column with numbers first: its profile has all the figures that there are.
    first, *others = (
        f"""{{{{ column_profiles([{{
            'relation': '{TABLE}', 'relation_sql': '{TABLE}', 'rows_snapshot': 1,
            'column_name': '{name}', 'position': {position},
            'data_type': '{data_type}',
        }}]) }}}};\n"""
        for position, (name, data_type) in numbered
    )
    return (
        f"create table profiled as {first}"
        + "".join(f"insert into profiled by name {profile}" for profile in others)
        + RESULT
    )


def run(inputs: Path) -> Callable[[Path], None]:
    """Run the script, which dbt compiled into the folder of the inputs."""
    return run_script(inputs, (inputs / SCRIPT).read_text())
