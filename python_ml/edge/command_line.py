"""The ``goldleaf`` command."""

from __future__ import annotations

import getpass
import sys
from collections import Counter
from typing import TYPE_CHECKING

import click
import duckdb
import pyarrow.csv

from python_ml.edge.decisions import DecisionError, Statement
from python_ml.edge.decisions import promote as decide_to_promote
from python_ml.edge.decisions import roll_back as decide_to_roll_back
from python_ml.edge.instant import INSTANT
from python_ml.edge.lake import LakeError, lake_folder, open_lake
from python_ml.edge.landing import LandingError, land_nycflights13, landing_folder
from python_ml.edge.proving import leak_proof, replay_command
from python_ml.edge.summary import summarize
from python_ml.edge.tune_command import tune

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from python_ml.edge.decisions import Decision


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
            table = relation.to_arrow_table()
            pyarrow.csv.write_csv(table, sys.stdout.buffer)
        else:
            relation.show(max_rows=100, max_width=200)
    except (LakeError, duckdb.Error) as error:
        raise click.ClickException(str(error)) from error


@main.command()
def summary() -> None:
    """Say what the lake holds, its headline figures, and where to look."""
    try:
        click.echo(summarize(open_lake(lake_folder())))
    except (LakeError, duckdb.Error) as error:
        raise click.ClickException(str(error)) from error


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
