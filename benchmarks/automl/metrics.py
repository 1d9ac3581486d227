"""Prints ROC AUC, average precision and log loss of results taken together.

``python -m benchmarks.automl.metrics <result> ...``
"""

from __future__ import annotations

import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score


def metrics(results: list[str]) -> list[float]:
    """Return the three, as scikit-learn has them, over all rows of the results."""
    rows = pa.concat_tables(
        (pq.read_table(result) for result in results),
        promote_options="permissive",  # some learners predict in single precision
    )
    label, prediction = rows["label"].to_numpy(), rows["prediction"].to_numpy()
    ways = (roc_auc_score, average_precision_score, log_loss)
    return [float(way(label, prediction)) for way in ways]


if __name__ == "__main__":
    print(json.dumps(metrics(sys.argv[1:])))
