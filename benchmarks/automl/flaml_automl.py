"""FLAML: ``AutoML.fit`` as documented, on the same rows, features and threads.

https://microsoft.github.io/FLAML/docs/Use-Cases/Task-Oriented-AutoML: the last rows in
time, our calibration stretch, validate; what is best there is then fitted on all rows.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pandas as pd
from flaml import AutoML

from benchmarks.automl import FIT, TIMES
from python_ml.problem import Problem
from python_ml.training import THREADS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def run(inputs: Path) -> Callable[[Path], None]:
    """Search for ``TIMES`` times as long as we fitted; predict the month after."""
    declared = json.loads((inputs / "problem.json").read_text())
    problem = Problem.from_json(declared["declaration"])
    ours = json.loads((inputs / FIT.format(module="goldleaf")).read_text())
    columns = [*declared["features"], "label"]
    fit, calibration, live = (
        pd.read_parquet(inputs / f"{name}.parquet", columns=columns)
        for name in ("fit", "calibration", "live")
    )
    examples = pd.concat([fit, calibration], ignore_index=True)
    start = time.perf_counter()
    automl = AutoML()
    automl.fit(
        X_train=examples[declared["features"]],
        y_train=examples["label"],
        task="classification",
        metric="log_loss",  # by which our versions stop and are compared
        time_budget=TIMES * ours["seconds"],
        eval_method="holdout",
        split_type="time",
        split_ratio=len(calibration),  # as many rows, not a share of them
        n_jobs=THREADS,
        seed=problem.seed,
        verbose=0,
    )
    seconds = time.perf_counter() - start
    found = f"{automl.best_estimator}, trial {automl.best_iteration + 1}"
    (inputs / FIT.format(module="flaml_automl")).write_text(
        json.dumps({"seconds": seconds, "found": found})
    )
    prediction = automl.predict_proba(live[declared["features"]])[:, 1]
    result = pd.DataFrame({"label": live["label"], "prediction": prediction})
    return result.to_parquet
