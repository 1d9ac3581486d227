"""pandas: read every row, give LightGBM the frame, write every score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lightgbm as lgb
import pandas as pd

from python_ml.artifact import Artifact
from python_ml.scoring import probability
from python_ml.training import THREADS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def run(inputs: Path) -> Callable[[Path], None]:
    """Score the rows with the version; writing the scores is part of it."""
    version = pd.read_parquet(inputs / "version.parquet").iloc[0]
    artifact = Artifact.from_text(version["artifact"], version["artifact_sha256"])
    booster = lgb.Booster(model_str=artifact.boosters["probability"])
    features = list(artifact.features)
    examples = pd.read_parquet(
        inputs / "examples.parquet", columns=["example_number", *features]
    )
    for name, names in artifact.categories.items():
        examples[name] = pd.Categorical(examples[name], categories=names).codes
    raw_score = booster.predict(examples[features], raw_score=True, num_threads=THREADS)
    scores = pd.DataFrame(
        {
            "example_number": examples["example_number"],
            "raw_score": raw_score,
            "prediction": probability(raw_score, artifact.calibrator),
        }
    )
    written = inputs / "pandas_scores.parquet"
    scores.to_parquet(written)

    def keep(file: Path) -> None:
        written.replace(file)

    return keep
