"""Goldleaf: the declared parameters, trained as the project does."""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.automl import FIT
from python_ml.problem import Problem
from python_ml.scoring import Scorer
from python_ml.training import THREADS, train_version

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def run(inputs: Path) -> Callable[[Path], None]:
    """Train the version of the cut-off and predict the month after it."""
    declared = json.loads((inputs / "problem.json").read_text())
    fit, calibration, live = (
        pq.read_table(inputs / f"{name}.parquet")
        for name in ("fit", "calibration", "live")
    )
    start = time.perf_counter()
    version = train_version(
        Problem.from_json(declared["declaration"]),
        declared["features"],
        fit,
        calibration,
        datetime.fromisoformat(declared["calibrator_check_from"]),
        THREADS,
    )
    seconds = time.perf_counter() - start
    found = f"{version.iterations} trees"
    (inputs / FIT.format(module="goldleaf")).write_text(
        json.dumps({"seconds": seconds, "found": found})
    )
    prediction = Scorer(version.artifact, THREADS).prediction(live)
    result = pa.table({"label": live["label"], "prediction": prediction})
    return lambda file: pq.write_table(result, file)
