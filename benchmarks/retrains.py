"""How often the gate stops a good version: one trained again, by no mistake.

Trains the versions of August to November again, each time with another seed and on
other days. The project's own SQL judges each as a challenger of the version that was in
force before, and of that of the same cut-off. What comes after October is left
alone. Run from the project's root, on a lake that was built:
``python -m benchmarks.retrains``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import click
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.stats import beta

from benchmarks.gate import MODELS, Gate
from benchmarks.macros import compiled_models
from python_ml.edge.lake import lake_folder, open_lake
from python_ml.edge.train import labelled_examples
from python_ml.problem import Problem
from python_ml.stretches import Stretches
from python_ml.training import THREADS, train_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from duckdb import DuckDBPyConnection

    from benchmarks.gate import Verdict
    from python_ml.artifact import Artifact

PROBLEM = "arrival_delay"
CUTOFFS = tuple(datetime(2013, month, 1) for month in (8, 9, 10, 11))

DAYS = {
    "the same days": (1.0, False),
    "nine tenths of the days": (0.9, False),
    "as many days, some twice": (1.0, True),
}
"""How the days of the fit are drawn: their share, and whether they are put back."""

_VERSIONS = """
select cutoff_at, model_id, declaration from ml.models
where problem = $1 and attempt = 1 order by cutoff_at
"""


@dataclass(frozen=True)
class Cutoff:
    """The examples of a cut-off, and the gates on which its versions are judged."""

    problem: Problem
    features: tuple[str, ...]
    stretches: Stretches
    fit: pa.Table
    calibration: pa.Table
    served: pa.Table
    gates: Mapping[str, Gate]

    @classmethod
    def read(
        cls, lake: DuckDBPyConnection, sql: Mapping[str, str], cutoff: datetime
    ) -> Cutoff:
        """Read a cut-off, with the version before it and its own as incumbents."""
        versions = lake.execute(_VERSIONS, [PROBLEM]).fetchall()
        place = [at for at, *_ in versions].index(cutoff)
        (_, before, _), (_, same, declaration) = versions[place - 1 : place + 1]
        problem = Problem.from_json(declaration)
        stretches = Stretches.before(cutoff, problem)
        dataset = lake.table(f"ml.{PROBLEM}_dataset")
        labels = lake.table(f"ml.{PROBLEM}_labels")
        incumbents = {"the month before": before, "the same cut-off": same}
        return cls(
            problem,
            problem.features(dataset.columns),
            stretches,
            *labelled_examples(problem, dataset, labels, stretches.ends()),
            {
                name: Gate(lake, sql, problem, incumbent, cutoff)
                for name, incumbent in incumbents.items()
            },
        )

    def retrained(self, seed: int, share: float, put_back: bool) -> Artifact:
        """Train the version again with a seed, which also draws days of the fit."""
        return train_version(
            replace(self.problem, seed=seed),
            self.features,
            on_drawn_days(self.fit, seed, share, put_back),
            self.calibration,
            self.stretches.calibrator_check_from,
            THREADS,
        ).artifact


def on_drawn_days(
    examples: pa.Table, seed: int, share: float, put_back: bool
) -> pa.Table:
    """Return the examples of drawn days (UTC), in order, each as often as drawn."""
    day = pc.cast(examples["prediction_at"], pa.date32()).to_numpy()
    days, place = np.unique(day, return_inverse=True)
    drawn = np.random.default_rng(seed).choice(
        len(days), round(share * len(days)), replace=put_back
    )
    times = np.bincount(drawn, minlength=len(days))
    return examples.take(pa.array(np.repeat(np.arange(len(day)), times[place])))


def exact_interval(stopped: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share. Source: Clopper and Pearson (1934)."""
    low = beta.ppf(0.025, stopped, n - stopped + 1) if stopped else 0.0
    high = beta.ppf(0.975, stopped + 1, n - stopped) if stopped < n else 1.0
    return float(low), float(high)


def judged(cutoff: Cutoff, days: str, count: int) -> Iterator[tuple[int, str, Verdict]]:
    """Yield seed, incumbent and verdict of each retrain of a cut-off."""
    first = cutoff.problem.seed + 1
    for seed in range(first, first + count):
        artifact = cutoff.retrained(seed, *DAYS[days])
        for incumbent, gate in cutoff.gates.items():
            name = f"retrained-{seed}"
            yield seed, incumbent, gate.judge({name: (artifact, cutoff.served)})[name]


@click.command()
@click.option("--each", default=8, show_default=True, help="Retrains per cut-off.")
@click.option(
    "--days", "kinds", type=click.Choice(list(DAYS)), multiple=True, default=list(DAYS)
)
def main(each: int, kinds: tuple[str, ...]) -> None:
    """Print each retrain, then the share stopped with its exact interval."""
    sql = compiled_models(*MODELS)
    stopped: dict[tuple[str, str], list[bool]] = defaultdict(list)
    failed: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for at in CUTOFFS:
        with open_lake(lake_folder()) as lake:
            cutoff = Cutoff.read(lake, sql, at)
        for days in kinds:
            for seed, incumbent, verdict in judged(cutoff, days, each):
                row = (days, incumbent)
                stopped[row].append(not verdict.is_promoted)
                failed[row].update(verdict.failed.keys())
                click.echo(
                    f"{at:%Y-%m-%d}  {days:24}  {seed}  against {incumbent:16}"
                    f"  loss {100 * verdict.loss_difference:+6.2f} %"
                    f"  p {verdict.p_value:.4f}  {', '.join(verdict.failed)}"
                )
    click.echo(f"\n{'fitted on':24}  {'against':16}  stopped  of  95 % interval")
    for (days, incumbent), outcomes in stopped.items():
        low, high = exact_interval(sum(outcomes), len(outcomes))
        checks = ", ".join(
            f"{check} {n}" for check, n in failed[days, incumbent].items()
        )
        click.echo(
            f"{days:24}  {incumbent:16}  {sum(outcomes):7}  {len(outcomes):2}"
            f"  {100 * low:4.1f} to {100 * high:4.1f} %  {checks}"
        )


if __name__ == "__main__":
    main()
