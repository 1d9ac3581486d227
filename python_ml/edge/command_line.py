"""The ``goldleaf`` command."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import click
import duckdb
import pyarrow.csv

from python_ml.edge.lake import LakeError, lake_folder, open_lake
from python_ml.edge.landing import LandingError, land_nycflights13, landing_folder
from python_ml.edge.summary import summarize

if TYPE_CHECKING:
    from datetime import datetime


@click.group()
def main() -> None:
    """Land raw files and look at the lake; everything between is dbt."""


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
