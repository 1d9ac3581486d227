"""Writes the rows to score and the version that scores them, and prints which it is.

``python -m benchmarks.scoring.inputs <folder> <rows> ...``
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.months import PROBLEM, declared, newest_version
from python_ml.edge.lake import LakeError, lake_folder, open_lake


def write_inputs(folder: Path, sizes: list[int], name: str = PROBLEM) -> str:
    """Write the first rows of the dataset, repeated as often as it takes, by size.

    The newest version scores them; its row says that it does so from the first one on.

    Returns:
        The version in words.

    """
    with open_lake(lake_folder()) as lake:
        problem = declared(lake, name)
        version = newest_version(lake, name)
        ((model_id, trees),) = version.project("model_id, iterations").fetchall()
        lake.execute(
            "create temp table examples as select row_number() over "
            f"(order by {', '.join(problem.key())}) as example_number, * "
            f"from ml.{name}_dataset"
        )
        lake.execute("set preserve_insertion_order = false")  # it would be held back
        ((real,),) = lake.execute("select count(*) from examples").fetchall()
        # The copies of an example are told apart by their number.
        declaration = {**json.loads(problem.to_json()), "entity": ["example_number"]}
        for rows in sizes:
            of_size = folder / str(rows)
            of_size.mkdir(parents=True, exist_ok=True)
            version.project(
                "* replace (timestamp '1970-01-01' as calibration_from_at)"
            ).write_parquet(str(of_size / "version.parquet"))
            lake.execute(
                f"""
                copy (
                    select * exclude (copy)
                        replace (example_number + {real} * copy as example_number)
                    from examples
                    cross join range({-(-rows // real)}) as copies (copy)
                    where example_number + {real} * copy <= {rows}
                ) to '{of_size}/examples.parquet'
                """
            )
            (of_size / "declaration.json").write_text(json.dumps(declaration))
    return f"{model_id}, {trees} trees"


if __name__ == "__main__":
    try:
        print(json.dumps(write_inputs(Path(sys.argv[1]), [*map(int, sys.argv[2:])])))
    except LakeError as error:
        sys.exit(f"{error}\n`make run` builds one.")
