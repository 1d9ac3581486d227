"""Writes the inputs from the lake and prints the number of examples.

``python -m benchmarks.drift.inputs <folder> <size> ...``
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.drift import PROBLEM
from benchmarks.drift.goldleaf import SCRIPT, template
from benchmarks.macros import compiled
from python_ml.edge.lake import LakeError, lake_folder, open_lake

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SIZES = {"drift": (1, "min"), "drift-10x": (10, "max")}
"""How often each example is there, and from which week on drift is asked for."""


def write_inputs(
    lake: DuckDBPyConnection, folder: Path, copies: int, first_week: str
) -> int:
    """Write the problem's examples on the grid, and what says which week is whose.

    The tables of the other problems are empty, and so are the scores.

    Returns:
        The number of examples.

    """
    folder.mkdir(parents=True, exist_ok=True)

    def write(name: str, sql: str) -> None:
        lake.execute(f"copy ({sql}) to '{folder}/{name}.parquet'")

    problems = lake.sql("select problem from ml.problems").fetchall()
    for (problem,) in problems:
        write(f"{problem}_dataset", f"from ml.{problem}_dataset where false")
    steps = lake.sql(
        f"select feature, step from monitoring.drift_steps where problem = '{PROBLEM}'"
        " and feature <> '(prediction)'"
    ).fetchall()
    on_grid = ", ".join(
        f"round({feature} / {step}) * {step} as {feature}" for feature, step in steps
    )
    examples = f"ml.{PROBLEM}_dataset cross join range({copies}) as copies (copy)"
    replaced = f"* exclude (copy) replace ({on_grid})"
    write(f"{PROBLEM}_dataset", f"select {replaced} from {examples}")
    of_problem = f"where problem = '{PROBLEM}'"
    weeks = f"select * from monitoring.drift_weeks {of_problem}"
    from_at = (
        f"(select {first_week}(week_from_at) from ({weeks}) where not is_reference)"
    )
    in_force = f"{of_problem} and coalesce(to_at > {from_at}, true)"
    champions = f"select * from ml.champions {in_force}"
    write(
        "champions",
        f"select * replace (greatest(from_at, {from_at}) as from_at)"
        f" from ({champions})",
    )
    write(
        "drift_weeks",
        f"{weeks} and (is_reference or week_from_at >= {from_at})"
        f" and model_id in (select model_id from ({champions}))",
    )
    write("drift_steps", f"from monitoring.drift_steps {of_problem}")
    write("importances", f"from ml.importances {of_problem}")
    write("models", f"select * exclude (artifact) from ml.models {of_problem}")
    write("scores", "from ml.scores where false")
    write("clock", "from gold.clock")
    ((count,),) = lake.sql(f"select count(*) from {examples}").fetchall()
    return int(count)


def main() -> None:
    """Write what the contenders read, and the project's SQL beside it."""
    folder, *sizes = sys.argv[1:]
    script = compiled(template())
    counts = {}
    for size in sizes:
        of_size = Path(folder) / size
        with open_lake(lake_folder()) as lake:
            counts[size] = write_inputs(lake, of_size, *SIZES[size])
        (of_size / SCRIPT).write_text(script)
    print(json.dumps(counts))


if __name__ == "__main__":
    try:
        main()
    except LakeError as error:
        sys.exit(f"{error}\n`make run` builds one.")
