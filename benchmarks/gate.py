"""The project's gate, beside the lake: its SQL judges versions that are not in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from python_ml.edge.score import SCORES, scored_batches, with_entity_id
from python_ml.inspection import contribution_error
from python_ml.scoring import Scorer
from python_ml.stretches import Stretches
from python_ml.training import THREADS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from python_ml.artifact import Artifact
    from python_ml.problem import Problem

MODELS = (
    "splits",
    "evaluations",
    "resampled_days",
    "paired_examples",
    "gate_verdicts",
    "promotions",
    "gates",
)
"""The models of the project that decide, in the order in which dbt builds them."""

_VERSION = (
    "problem, model_id, cutoff_at, attempt, available_at, calibration_from_at, "
    "gate_from_at, contribution_error"
)

# What they read: of one version, and of the examples from the begin of its gate on.
_INPUTS = {
    "ml.problems": "from ml.problems where problem = $problem",
    "ml.gate_bounds": "from ml.gate_bounds where problem = $problem",
    "ml.baselines": "from ml.baselines where problem = $problem",
    "ml.models": f"select {_VERSION} from ml.models where model_id = $incumbent",
    "ml.interval_offsets": "from ml.interval_offsets where model_id = $incumbent",
    "ml.scores": (
        "from ml.scores where model_id = $incumbent"
        " and prediction_at >= $begin and prediction_at < $cutoff"
    ),
    "ml.labels": (
        "from ml.labels where problem = $problem"
        " and prediction_at >= $begin and prediction_at < $cutoff"
    ),
    "ml.examples": (
        "from ml.examples where problem = $problem"
        " and prediction_at >= $begin and prediction_at < $cutoff"
    ),
    "gold.clock": "select cast($cutoff as timestamp) as clock_at",
    "gold.fct_decisions": "from gold.fct_decisions where false",
}


@dataclass(frozen=True)
class Verdict:
    """What the gate said of a challenger.

    Attributes:
        is_promoted: whether it took over.
        incumbent_id: the version that it was compared with.
        failed: the checks that it failed, each with its least corrected p-value; none
            where a check has none.
        loss_difference: how far its loss lay above that version's, as a share.
        p_value: the chance of such a difference if both were equally good.
        reason: as ``ml.promotions`` words it.

    """

    is_promoted: bool
    incumbent_id: str
    failed: dict[str, float | None]
    loss_difference: float
    p_value: float
    reason: str


class Gate:
    """A version in force, and the gate days on which challengers of it are judged."""

    def __init__(
        self,
        lake: duckdb.DuckDBPyConnection,
        sql: Mapping[str, str],
        problem: Problem,
        incumbent_id: str,
        cutoff: datetime,
    ) -> None:
        """Read what the gate needs.

        Args:
            lake: which has trained and scored the version in force.
            sql: the SQL of :data:`MODELS`, as dbt compiled it for the lake.
            problem: the declaration.
            incumbent_id: the version in force.
            cutoff: of the challengers; their gate lies before it.

        """
        self._sql = sql
        self._problem = problem
        self._cutoff = cutoff
        self._stretches = Stretches.before(cutoff, problem)
        gate_from = "select gate_from_at from ml.models where model_id = $1"
        (begin,) = lake.execute(gate_from, [incumbent_id]).fetchall()[0]
        values = {
            "problem": problem.name,
            "incumbent": incumbent_id,
            "begin": begin,
            "cutoff": cutoff,
        }
        self._inputs = {
            relation: lake.execute(
                query, {name: values[name] for name in values if f"${name}" in query}
            ).to_arrow_table()
            for relation, query in _INPUTS.items()
        }

    def judge(
        self, challengers: Mapping[str, tuple[Artifact, pa.Table]]
    ) -> dict[str, Verdict]:
        """Put versions in as challengers, one after the other, and let SQL decide.

        Args:
            challengers: by name, the version and the labelled examples of the gate as
                it is served them.

        """
        inputs = dict(self._inputs)
        for relation, rows in (
            ("ml.models", self._versions(challengers)),
            ("ml.scores", self._scores(challengers)),
        ):
            known = inputs[relation]
            inputs[relation] = pa.concat_tables([known, rows.cast(known.schema)])
        with duckdb.connect() as engine:
            engine.execute("attach ':memory:' as lake")
            for schema in ("gold", "ml"):
                engine.execute(f"create schema lake.{schema}")
            for relation, rows in inputs.items():
                engine.register("rows", rows)
                engine.execute(f"create table lake.{relation} as from rows")
            for model in MODELS:
                engine.execute(f"create table lake.ml.{model} as {self._sql[model]}")
            return {name: _verdict(engine, name) for name in challengers}

    def _versions(
        self, challengers: Mapping[str, tuple[Artifact, pa.Table]]
    ) -> pa.Table:
        """Return the rows of ml.models: attempts after the first at the cut-off."""
        rows: list[dict[str, Any]] = [
            {
                "problem": self._problem.name,
                "model_id": name,
                "cutoff_at": self._cutoff,
                "attempt": attempt,
                "available_at": self._cutoff,
                "calibration_from_at": self._stretches.calibration_from,
                "gate_from_at": self._stretches.gate_from,
                "contribution_error": contribution_error(
                    artifact, examples, self._problem.seed, THREADS
                ),
            }
            for attempt, (name, (artifact, examples)) in enumerate(
                challengers.items(), start=2
            )
        ]
        return pa.Table.from_pylist(rows, schema=self._inputs["ml.models"].schema)

    def _scores(self, challengers: Mapping[str, tuple[Artifact, pa.Table]]) -> pa.Table:
        """Return the rows of ml.scores: of each challenger, on the gate."""
        batches: list[pa.RecordBatch] = []
        with duckdb.connect() as engine:
            for name, (artifact, examples) in challengers.items():
                served = with_entity_id(self._problem, engine.from_arrow(examples))
                reader = served.to_arrow_reader(examples.num_rows)
                batches += scored_batches(name, Scorer(artifact, THREADS), reader)
        rows = pa.Table.from_batches(batches, schema=SCORES)
        problem = pa.repeat(pa.scalar(self._problem.name), rows.num_rows)
        return rows.append_column("problem", problem).select(
            self._inputs["ml.scores"].column_names
        )


def _verdict(engine: duckdb.DuckDBPyConnection, name: str) -> Verdict:
    is_promoted, incumbent, reason = engine.execute(
        "select is_promoted, incumbent_id, reason from lake.ml.promotions"
        " where challenger_id = $1",
        [name],
    ).fetchall()[0]
    failed = engine.execute(
        "select check_name, min(corrected_p_value) from lake.ml.gates"
        " where model_id = $1 and not passed group by all order by all",
        [name],
    ).fetchall()
    comparison = engine.execute(
        "select figure, p_value from lake.ml.gates where model_id = $1"
        " and check_name = 'not_worse_than_champion'",
        [name],
    ).fetchall()[0]
    return Verdict(is_promoted, incumbent, dict(failed), *comparison, reason)
