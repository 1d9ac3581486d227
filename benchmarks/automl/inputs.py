"""Writes the labelled examples of each cut-off, and prints the cut-offs.

``python -m benchmarks.automl.inputs <folder>``
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.months import declared, months
from python_ml.edge.lake import LakeError, lake_folder, open_lake


def write_inputs(folder: Path) -> list[str]:
    """Write a folder for each cut-off: three Parquet files, and what is declared."""
    shutil.rmtree(folder, ignore_errors=True)  # fit times of an earlier run as well
    cutoffs = []
    with open_lake(lake_folder()) as lake:
        problem = declared(lake)
        features = problem.features(lake.table(f"ml.{problem.name}_dataset").columns)
        for month in months(lake, problem):
            cutoff = f"{month.cutoff:%Y-%m-%d}"
            cutoffs.append(cutoff)
            of_cutoff = folder / cutoff
            of_cutoff.mkdir(parents=True, exist_ok=True)
            for name in ("fit", "calibration", "live"):
                pq.write_table(getattr(month, name), of_cutoff / f"{name}.parquet")
            (of_cutoff / "problem.json").write_text(
                json.dumps(
                    {
                        "declaration": problem.to_json(),
                        "features": features,
                        "calibrator_check_from": str(month.calibrator_check_from),
                    }
                )
            )
    return cutoffs


if __name__ == "__main__":
    try:
        print(json.dumps(write_inputs(Path(sys.argv[1]))))
    except LakeError as error:
        sys.exit(f"{error}\n`make run` builds one.")
