"""Proves that no row depends on what came after it, by changing what came after it.

For a cut-off three lakes are built from the same landed files: as of the cut-off, with
the future present, and with a poisoned future (:mod:`python_ml.proof.poison`). Whatever
was decided before the cut-off must be the same in all three.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from python_ml.edge.lake import attach_lake, connect, open_lake
from python_ml.proof.builds import Build
from python_ml.proof.comparison import (
    Difference,
    Relation,
    differences,
    relations,
)
from python_ml.proof.poison import poison

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from python_ml.proof.builds import Report

# Nothing that is compared reads monitoring, and unit tests ask no lake.
_BUILD = ("--exclude", "monitoring", "--exclude-resource-type", "unit_test")

_PREDICTION_TIMES = """
with first_version as (select min(cutoff_at) as cutoff_at from ml.models)

select distinct prediction_at from ml.{dataset}, first_version
where prediction_at >= cutoff_at or cutoff_at is null
order by prediction_at
"""


@dataclass(frozen=True)
class Evidence:
    """One table, compared over one cut-off with one other future."""

    cutoff_at: datetime
    future: Literal["present", "poisoned"]
    difference: Difference


class LeakProof:
    """The lakes of a proof, and what came of comparing them."""

    def __init__(
        self,
        project: Path,
        landing: Path,
        folder: Path,
        seed: int,
        report: Report,
        select: Sequence[str] = (),
    ) -> None:
        """Prepare a proof.

        Args:
            project: the dbt project's root.
            landing: its landing folder; it is only read.
            folder: where the lakes are built; it is made if it is not there.
            seed: of drawn cut-offs and of the poisoned futures.
            report: called with the progress of each build.
            select: what to build, as dbt selects it; by default all that is compared.

        """
        self._project = project
        self._landing = landing
        self._folder = folder
        self._seed = seed
        self._report = report
        selected = ("--select", *select, "--indirect-selection", "buildable")
        self._arguments = (*(selected if select else ()), *_BUILD)
        self._with_future = folder / "with_future"
        self._tables: list[Relation] = []

    def build_with_future(self) -> None:
        """Build the lake that every cut-off is compared with.

        Raises:
            BuildError: when dbt does not end well, here and in :meth:`prove`.

        """
        build = self._build("with the future", self._landing, self._with_future)
        self._tables = relations(build.manifest())

    def draw(self, number: int) -> list[datetime]:
        """Draw cut-offs among the instants at which predictions are made.

        Those between the first version and the clock are drawn from, so that examples
        lie on the cut-off itself, where a window that is closed too late would show.
        """
        with open_lake(self._with_future) as lake:
            instants = sorted(
                {
                    instant
                    for table in self._tables
                    if table.name.startswith("ml.") and table.name.endswith("_dataset")
                    for (instant,) in lake.execute(
                        _PREDICTION_TIMES.format(dataset=table.name.split(".")[1])
                    ).fetchall()
                }
            )
        return sorted(random.Random(self._seed).sample(instants, number))

    def prove(self, cutoff: datetime) -> Iterator[Evidence]:
        """Build with a poisoned future, then as of a cut-off, and compare both.

        Raises:
            BuildError: when dbt does not end well. The builds with a future also run
                the tests of data: they must hold for any future.

        """
        name = f"{cutoff:%Y%m%dT%H%M%S}"
        landing = self._folder / f"landing_{name}"
        poison(self._project, self._landing, landing, cutoff, self._seed)
        poisoned = self._folder / f"poisoned_{name}"
        self._build(f"with another future from {cutoff}", landing, poisoned)
        yield from self._compare(cutoff, "poisoned", poisoned)
        as_of = self._folder / f"as_of_{name}"
        self._build(
            f"as of {cutoff}",
            self._landing,
            as_of,
            "test",  # one more type to exclude, as _BUILD ends with the first
            "--vars",
            f'{{as_of: "{cutoff}"}}',
        )
        yield from self._compare(cutoff, "present", as_of)

    def _build(self, name: str, landing: Path, lake: Path, *arguments: str) -> Build:
        # Another instant makes another project to dbt, which it parses anew: with a
        # folder of their own, such builds leave the others what was parsed of theirs.
        dbt = self._folder / ("dbt_as_of" if arguments else "dbt")
        build = Build(self._project, dbt, landing, lake)
        build.run(name, self._report, *self._arguments, *arguments)
        return build

    def _compare(
        self, cutoff: datetime, future: Literal["present", "poisoned"], other: Path
    ) -> Iterator[Evidence]:
        with connect() as connection:
            attach_lake(connection, self._with_future, "with_future")
            attach_lake(connection, other, "other")
            for difference in differences(
                connection,
                "with_future",
                "other",
                self._tables,
                cutoff,
                inclusive=future == "poisoned",
            ):
                yield Evidence(cutoff, future, difference)


def record(lake: Path, seed: int, evidence: Sequence[Evidence]) -> None:
    """Write what was found to ``monitoring.leak_proof``; an earlier proof gives way.

    Raises:
        LakeError: when there is no lake, or another process uses it.

    """
    with connect() as connection:
        attach_lake(connection, lake, "lake", "read_write")
        connection.execute("begin")
        connection.executemany(
            "delete from lake.monitoring.leak_proof where cutoff_at = $1 and seed = $2",
            [[cutoff, seed] for cutoff in {found.cutoff_at for found in evidence}],
        )
        connection.executemany(
            "insert into lake.monitoring.leak_proof by name select"
            " $1::timestamp as cutoff_at, $2::bigint as seed, $3 as future,"
            " $4 as relation, $5::bigint as rows_compared, $6::bigint as rows_changed,"
            " $7::varchar[] as changed_columns, $8 as example_key",
            [
                [
                    found.cutoff_at,
                    seed,
                    found.future,
                    found.difference.relation,
                    found.difference.rows_compared,
                    found.difference.rows_changed,
                    list(found.difference.changed_columns),
                    found.difference.example_key,
                ]
                for found in evidence
            ],
        )
        connection.execute("commit")
