"""What each feature table earns: July to October, walk-forward, without its features.

Trains and scores as the project does, on the lake that was built; November and December
are left alone. Run from the project's root: ``python -m benchmarks.feature_tables``.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import click
import numpy as np
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from python_ml.edge.lake import lake_folder, open_lake
from python_ml.edge.train import labelled_examples
from python_ml.problem import Problem
from python_ml.scoring import Scorer
from python_ml.stretches import Stretches
from python_ml.training import THREADS, train_version

MONTHS = (7, 8, 9, 10)

_DECLARATION = (
    "select declaration from ml.arrival_delay_models order by cutoff_at limit 1"
)

_FEATURES_BY_TABLE = """
select split_part(made_from, ':', 1), list(feature order by feature)
from features.registry
where feature_table = 'flights_at_prediction'
group by all
order by all
"""


def main() -> None:
    """Print a row for all features, then one for each table left out."""
    lake = open_lake(lake_folder())
    (declaration,) = lake.execute(_DECLARATION).fetchall()[0]
    problem = Problem.from_declaration(json.loads(declaration))
    dataset = lake.table("ml.arrival_delay_dataset")
    labels = lake.table("ml.arrival_delay_labels")
    months = []
    for month in MONTHS:
        cutoff = datetime(2013, month, 1)
        stretches = Stretches.before(cutoff, problem)
        fit, calibration, _ = stretches.bounds()
        live = (cutoff, datetime(2013, month + 1, 1))
        examples = [
            labelled_examples(problem, dataset, labels, begin, end)
            for begin, end in (fit, calibration, live)
        ]
        months.append((stretches.calibrator_check_from, *examples))
    features = problem.features(dataset.columns)
    tables = [(None, []), *lake.execute(_FEATURES_BY_TABLE).fetchall()]
    click.echo(f"{'without':30}  features  ROC AUC      AP    Brier")
    for table, dropped in tables:
        kept = [name for name in features if name not in dropped]
        names = tuple(name for name in problem.categorical if name in kept)
        without = replace(problem, categorical=names)
        truth, scores = [], []
        for check_from, fit, calibration, live in months:
            version = train_version(
                without, kept, fit, calibration, check_from, THREADS
            )
            truth.append(live["label"].to_numpy())
            scores.append(Scorer(version.artifact, THREADS).prediction(live))
        label, score = np.concatenate(truth), np.concatenate(scores)
        click.echo(
            f"{table or '(nothing)':30}  {len(kept):8}"
            f"  {roc_auc_score(label, score):.4f}"
            f"  {average_precision_score(label, score):.4f}"
            f"  {brier_score_loss(label, score):.4f}"
        )


if __name__ == "__main__":
    main()
