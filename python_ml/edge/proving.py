"""The commands that build lakes and compare them: ``leak-proof`` and ``replay``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click
import duckdb

from python_ml.edge.instant import INSTANT
from python_ml.edge.lake import LakeError, lake_folder, open_lake
from python_ml.edge.landing import land_nycflights13, landing_folder
from python_ml.proof.builds import Build, BuildError
from python_ml.proof.comparison import content_hashes
from python_ml.proof.leak_proof import Evidence, LeakProof, record
from python_ml.proof.poison import PoisonError
from python_ml.proof.replay import ReplayError, replay

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@click.command("leak-proof")
@click.option(
    "--cutoff",
    "cutoffs",
    type=INSTANT,
    multiple=True,
    help="Instant (UTC) from which the future is changed; may be given several times.",
)
@click.option(
    "--draw",
    type=click.IntRange(min=1),
    help="Draw this many cut-offs instead of giving them.",
)
@click.option("--seed", default=2013, show_default=True, help="Of all that is drawn.")
@click.option(
    "--select",
    multiple=True,
    help="Prove only what dbt selects so, such as +origin_weather; may be given "
    "several times. What is found of a part is printed and not kept.",
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the lakes of the proof in this folder, new or empty, to look at them.",
)
def leak_proof(
    cutoffs: tuple[datetime, ...],
    draw: int | None,
    seed: int,
    select: tuple[str, ...],
    folder: Path | None,
) -> None:
    """Prove that nothing depends on what came later, by changing what came later.

    For each cut-off, builds the landed files as of then, with the future present, and
    with another future, and compares every feature, example, version, score and
    prediction from before it. What is found is printed and kept in
    monitoring.leak_proof; the exit status is 1 if anything changed.
    """
    if bool(cutoffs) == bool(draw):
        raise click.UsageError("Give either --cutoff, or --draw and a number.")
    if select and draw:
        raise click.UsageError(
            "--draw asks the examples of all problems: with --select, give --cutoff."
        )
    if folder and folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"--folder '{folder}' is not empty: give a new one.")
    evidence: list[Evidence] = []
    with tempfile.TemporaryDirectory() as temporary:
        proof = LeakProof(
            Path.cwd(),
            landing_folder().absolute(),
            (folder or Path(temporary)).absolute(),
            seed,
            _show_progress,
            select,
        )
        try:
            if not select:
                open_lake(lake_folder()).close()  # the one that keeps what is found
            proof.build_with_future()
            for cutoff in sorted(set(cutoffs)) or proof.draw(draw or 1):
                found = list(proof.prove(cutoff))
                _show_evidence(cutoff, found)
                evidence += found
            if not select:
                record(lake_folder(), seed, evidence)
        except (BuildError, LakeError, PoisonError, duckdb.Error) as error:
            raise click.ClickException(str(error)) from error
    if any(found.difference.rows_changed for found in evidence):
        raise click.ClickException(
            "There is a leak: rows above depend on what came after their cut-off."
        )
    if not any(found.difference.rows_compared for found in evidence):
        raise click.ClickException(
            "No row was compared, so nothing is proven: what was built has no table "
            "with rows from before the cut-off. Give a later --cutoff, or --select a "
            "table of silver, features or ml, with a + for all that it reads."
        )
    click.echo("Nothing depends on what came later.")


@click.command("replay")
@click.option("--from", "first", required=True, type=click.DateTime(["%Y-%m"]))
@click.option("--to", "last", required=True, type=click.DateTime(["%Y-%m"]))
@click.option(
    "--source",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder laid out as a landing folder; by default the flights of 2013.",
)
@click.option(
    "--check",
    is_flag=True,
    help="Also build all of it at once, and compare every table by its hash.",
)
def replay_command(
    first: datetime, last: datetime, source: Path | None, check: bool
) -> None:
    """Land month by month and build after each, as it would happen in production.

    Fills the landing folder (GOLDLEAF_LANDING) and the lake (GOLDLEAF_LAKE), which must
    not hold anything later than the first month.
    """
    with tempfile.TemporaryDirectory() as temporary:
        if source is None:
            source = Path(temporary, "source")
            list(land_nycflights13(source))
        landing = landing_folder().absolute()
        dbt = Path(temporary, "dbt")
        build = Build(Path.cwd(), dbt, landing, lake_folder().absolute())
        months = f"{first:%Y-%m}", f"{last:%Y-%m}"
        try:
            for month, files in replay(source, build, *months, _show_progress):
                click.echo(f"{month}: {files} files landed, built")
            if check:
                lake = Path(temporary, "at_once")
                at_once = Build(Path.cwd(), dbt, landing, lake)
                at_once.run("at once", _show_progress)
                _check_equal(build, at_once)
        except (BuildError, LakeError, ReplayError, duckdb.Error) as error:
            raise click.ClickException(str(error)) from error


def _check_equal(build: Build, at_once: Build) -> None:
    with open_lake(build.lake) as lake:
        replayed = content_hashes(lake)
    with open_lake(at_once.lake) as lake:
        expected = content_hashes(lake)
    different = [
        name
        for name in sorted(replayed.keys() | expected.keys())
        if replayed.get(name) != expected.get(name)
    ]
    if different:
        raise click.ClickException(
            f"Not equal to one build over everything: {', '.join(different)}"
        )
    click.echo(f"{len(expected)} tables and views equal those of one build, by hash.")


def _show_evidence(cutoff: datetime, evidence: Sequence[Evidence]) -> None:
    rows = [("relation", "future", "compared", "changed", "columns", "example")]
    rows += [
        (
            found.difference.relation,
            found.future,
            f"{found.difference.rows_compared:,}",
            f"{found.difference.rows_changed:,}",
            ", ".join(found.difference.changed_columns),
            found.difference.example_key or "",
        )
        for found in sorted(
            evidence, key=lambda found: (found.difference.relation, found.future)
        )
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    click.echo(f"Cut-off {cutoff} UTC")
    for relation, future, compared, changed, columns, example in rows:
        click.echo(
            f"  {relation:{widths[0]}}  {future:{widths[1]}}  {compared:>{widths[2]}}"
            f"  {changed:>{widths[3]}}  {columns:{widths[4]}}  {example}".rstrip()
        )


def _show_progress(build: str, number: int, of: int, node: str) -> None:
    """Keep one line up to date, on a terminal only."""
    if sys.stderr.isatty():
        end = "\n" if number == of else ""
        line = f"{build}: {number} of {of}, {node}"
        click.echo(f"\r\033[K{line[:100]}{end}", err=True, nl=False)
    elif number in (1, of):
        click.echo(f"{build}: {number} of {of}", err=True)
