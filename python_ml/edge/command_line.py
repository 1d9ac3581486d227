"""The ``goldleaf`` command."""

from __future__ import annotations

import getpass
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click
import duckdb
import pyarrow as pa
import pyarrow.csv

from python_ml.artifact import ArtifactError
from python_ml.declaration import DeclarationError
from python_ml.edge.decisions import DecisionError, Statement
from python_ml.edge.decisions import promote as decide_to_promote
from python_ml.edge.decisions import roll_back as decide_to_roll_back
from python_ml.edge.instant import INSTANT
from python_ml.edge.lake import LakeError, lake_folder, open_lake, require_built
from python_ml.edge.landing import LandingError, land_nycflights13, landing_folder
from python_ml.edge.proving import leak_proof, replay_command
from python_ml.edge.summary import summarize
from python_ml.edge.tune_command import tune
from python_ml.reasons import PhraseError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from python_ml.edge.decisions import Decision

_UNREADABLE = (ArtifactError, DeclarationError, LakeError, PhraseError, duckdb.Error)
"""What the rows of a version, or the lake itself, may fail with."""


@click.group()
def main() -> None:
    """Land raw files, look at the lake, decide, tune, prove; the rest is dbt."""


main.add_command(tune)


@main.group()
def land() -> None:
    """Write raw files into the landing folder (GOLDLEAF_LANDING)."""


@land.command()
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Land only the months that were over on this date.",
)
def nycflights13(until: datetime | None) -> None:
    """Land 336,776 flights out of New York in 2013, their weather and aircraft."""
    folder = landing_folder()
    outcomes: Counter[str] = Counter()
    try:
        for file in land_nycflights13(folder, until.date() if until else None):
            outcomes[file.outcome] += 1
            if file.outcome == "kept":
                click.echo(f"kept {file.path}: it differs from the package's data")
    except LandingError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{folder}: {outcomes['landed']} files landed, "
        f"{outcomes['unchanged'] + outcomes['kept']} were there already"
    )


@main.command()
@click.argument("query")
@click.option("--csv", "as_csv", is_flag=True, help="Write CSV with a header.")
def sql(query: str, as_csv: bool) -> None:
    """Run QUERY on the lake, read-only, and print the result."""
    try:
        relation = open_lake(lake_folder()).sql(query)
        if relation is None:
            raise click.ClickException("The query returns no rows: use a select.")
        if as_csv:
            table = _flat(relation.to_arrow_table())
            pyarrow.csv.write_csv(table, sys.stdout.buffer)
        else:
            relation.show(max_rows=100, max_width=200)
    except (LakeError, duckdb.Error) as error:
        raise click.ClickException(str(error)) from error


def _flat(table: pa.Table) -> pa.Table:
    """Return the table with what CSV has no type for as text: lists as JSON."""
    for place, field in enumerate(table.schema):
        if pa.types.is_nested(field.type) or pa.types.is_interval(field.type):
            text = [
                None if value is None else json.dumps(value, default=str)
                for value in table.column(place).to_pylist()
            ]
            table = table.set_column(place, field.name, pa.array(text, pa.string()))
    return table


@main.command()
def summary() -> None:
    """Say what the lake holds, its headline figures, and where to look."""
    try:
        click.echo(summarize(open_lake(lake_folder())))
    except (LakeError, duckdb.Error) as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.option(
    "--file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("target/goldleaf.html"),
    show_default=True,
    help="Where to write it.",
)
def page(file: Path) -> None:
    """Write the page that people look at: one file that opens without a server."""
    from python_ml.page.write import write_page  # charts take a second to load

    try:
        lake = open_lake(lake_folder())
        require_built(lake)
        write_page(lake, file)
    except (LakeError, duckdb.Error) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


@main.command("explain")
@click.argument("problem")
@click.argument("entity_id")
@click.argument("prediction_at", type=INSTANT, required=False)
@click.option(
    "--csv", "as_csv", is_flag=True, help="Write it as ml.explanations has it, as CSV."
)
def explain_command(
    problem: str, entity_id: str, prediction_at: datetime | None, as_csv: bool
) -> None:
    """Say why PROBLEM predicted what it published about ENTITY_ID.

    PREDICTION_AT (UTC) chooses among several predictions; by default it is the latest.
    """
    # Takes seconds to import, which the other commands need not wait for.
    from python_ml.edge import one_prediction
    from python_ml.edge.published import UnpublishedError, find_published

    try:
        with open_lake(lake_folder()) as lake:
            published = find_published(lake, problem, entity_id, prediction_at)
            explanation = one_prediction.explain_prediction(lake, published)
    except (UnpublishedError, one_prediction.ExplanationError, *_UNREADABLE) as error:
        raise click.ClickException(str(error)) from error
    if as_csv:
        pyarrow.csv.write_csv(explanation.contributions, sys.stdout.buffer)
    else:
        click.echo(one_prediction.as_text(explanation))


@main.command("reproduce")
@click.argument("model_id")
def reproduce_command(model_id: str) -> None:
    """Train the version MODEL_ID again from its row, and compare the artifacts.

    Reads the lake as it was when the version was trained. The exit status is 1 if the
    artifact comes out different.
    """
    # Takes seconds to import, which the other commands need not wait for.
    from python_ml.edge import reproduce
    from python_ml.training import NotTrainableError

    try:
        with open_lake(lake_folder()) as lake:
            version = reproduce.stored_version(lake, model_id)
            changes = version.changes_since()
            for change in changes:
                click.echo(f"Not as it was: {change}", err=True)
            click.echo(
                f"Training {model_id} on snapshot {version.lake_snapshot} ...", err=True
            )
            again = reproduce.reproduce(lake, version)
    except (reproduce.ReproductionError, NotTrainableError, *_UNREADABLE) as error:
        raise click.ClickException(str(error)) from error
    if again.artifact_sha256 != version.artifact_sha256:
        raise click.ClickException(
            "\n  ".join(
                [
                    f"Not reproduced: {version.artifact_sha256} then, "
                    f"{again.artifact_sha256} now.",
                    *(changes or ["code and libraries: as they were"]),
                    *again.differences,
                ]
            )
        )
    click.echo(f"reproduced: {again.artifact_sha256}")


_why = click.option("--why", required=True, help="The reason, kept with the decision.")
_who = click.option(
    "--who",
    default=getpass.getuser,
    show_default="your user name",
    help="Whose decision it is.",
)
_at = click.option(
    "--at",
    type=INSTANT,
    help="From when it holds (UTC); by default from now, the clock of the lake.",
)


@main.command()
@click.argument("model_id")
@_why
@_who
@_at
def promote(model_id: str, why: str, who: str, at: datetime | None) -> None:
    """Put the version MODEL_ID in force; `dbt build` carries it out."""
    _decide(decide_to_promote, model_id, Statement(why, who, at))


@main.command()
@click.argument("problem")
@_why
@_who
@_at
def rollback(problem: str, why: str, who: str, at: datetime | None) -> None:
    """Put the version of PROBLEM before the present one in force again."""
    _decide(decide_to_roll_back, problem, Statement(why, who, at))


def _decide(
    take: Callable[..., tuple[Decision, Path]], about: str, statement: Statement
) -> None:
    try:
        with open_lake(lake_folder()) as lake:
            decision, file = take(lake, landing_folder(), about, statement)
    except (DecisionError, LakeError, duckdb.Error) as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{file}: landed\n`dbt build` puts {decision.model_id} in force from "
        f"{decision.decided_at}; published predictions stay."
    )


main.add_command(leak_proof)
main.add_command(replay_command)
