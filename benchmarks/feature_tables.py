"""What each feature table earns: July to October, walk-forward, without its features.

Trains and scores as the project does, on the lake that was built; November and December
are left alone. Run from the project's root: ``python -m benchmarks.feature_tables``.
"""

from __future__ import annotations

from dataclasses import replace

import click
import numpy as np
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from benchmarks.months import declared, months
from python_ml.edge.lake import lake_folder, open_lake
from python_ml.scoring import Scorer
from python_ml.training import THREADS, train_version

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
    problem = declared(lake)
    features = problem.features(lake.table(f"ml.{problem.name}_dataset").columns)
    examples = list(months(lake, problem))
    tables = [(None, []), *lake.execute(_FEATURES_BY_TABLE).fetchall()]
    click.echo(f"{'without':30}  features  ROC AUC      AP    Brier")
    for table, dropped in tables:
        kept = [name for name in features if name not in dropped]
        names = tuple(name for name in problem.categorical if name in kept)
        without = replace(problem, categorical=names)
        truth, scores = [], []
        for month in examples:
            version = train_version(
                without,
                kept,
                month.fit,
                month.calibration,
                month.calibrator_check_from,
                THREADS,
            )
            truth.append(month.live["label"].to_numpy())
            scores.append(Scorer(version.artifact, THREADS).prediction(month.live))
        label, score = np.concatenate(truth), np.concatenate(scores)
        click.echo(
            f"{table or '(nothing)':30}  {len(kept):8}"
            f"  {roc_auc_score(label, score):.4f}"
            f"  {average_precision_score(label, score):.4f}"
            f"  {brier_score_loss(label, score):.4f}"
        )


if __name__ == "__main__":
    main()
