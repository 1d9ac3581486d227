"""Goldleaf: what the ``_scores`` models do, written to Parquet as it comes."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING

from benchmarks.duckdb_engine import connect
from python_ml.edge.score import score

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def run(inputs: Path) -> Callable[[Path], None]:
    """Score the rows with the version; writing the scores is part of it."""
    session = connect(inputs)
    scores = score(
        SimpleNamespace(is_incremental=False),
        session,
        json.loads((inputs / "declaration.json").read_text()),
        session.read_parquet(str(inputs / "examples.parquet")),
        session.read_parquet(str(inputs / "version.parquet")),
    )
    written = inputs / "goldleaf_scores.parquet"
    session.cursor().from_arrow(scores).project(
        "cast(entity_id as bigint) as example_number, raw_score, prediction"
    ).write_parquet(str(written))

    def keep(file: Path) -> None:
        written.replace(file)

    return keep
