"""Writes the page: the lake's tables, charts and scripts in one file."""

from __future__ import annotations

import base64
import gzip
import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import altair as alt
import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from python_ml.edge.lake import relation_names
from python_ml.page import charts
from python_ml.page.sections import METRICS, SECTIONS, query

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

DOCS = "static_index.html"
"""The docs of dbt, which lie beside the page."""

BOARD = ("marts.flight_risk", "marts.airport_day_outlook")
"""The tables behind the board of flights."""

_CLOCK = "select strftime(clock_at, '%Y-%m-%d %H:%M') from gold.clock"


def write_page(lake: DuckDBPyConnection, file: Path) -> None:
    """Write the page of a lake.

    The page needs nothing but itself: scripts, charts and rows are in it. What a
    project does not have, such as the marts of another problem, is left out. It is
    written beside its place and moved there, so that nobody sees a half.

    Args:
        lake: open, see :func:`python_ml.edge.lake.open_lake`.
        file: to write; its folder is made.

    """
    environment = Environment(
        loader=PackageLoader("python_ml.page", "assets"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["docs"] = docs_of
    environment.filters["packed"] = packed
    clock = lake.execute(_CLOCK).fetchone()
    tables = set(relation_names(lake))
    has_board = tables.issuperset(BOARD)
    assets = files("python_ml.page").joinpath("assets")
    page = environment.get_template("page.html").render(
        clock=clock[0] if clock else None,
        problems=_problems(query(lake, "problems")),
        layers=query(lake, "lake"),
        board=BOARD if has_board else (),
        flights=query(lake, "flights") if has_board else [],
        outlook=query(lake, "outlook") if has_board else [],
        outlook_chart=charts.outlook().to_dict(),
        sections=[
            (section, list(section.figures(query(lake, section.name))))
            for section in SECTIONS
            if tables.issuperset(section.tables)
        ],
        style=Markup(assets.joinpath("page.css").read_text()),
        script=Markup(assets.joinpath("page.js").read_text()),
        vega=Markup(vega()),
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".unfinished")
    unfinished.write_text(page, encoding="utf-8")
    unfinished.replace(file)


def vega() -> str:
    """Return the scripts that draw the charts, as one that sets ``vegaEmbed``."""
    version = alt.SCHEMA_VERSION.rpartition(".")[0]  # v6.1.2: the charts are written so
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", version)


def docs_of(table: str) -> str:
    """Return the address of a table in dbt's docs, from the page.

    >>> docs_of("ml.champions")
    'static_index.html#!/model/model.goldleaf.champions'

    """
    return f"{DOCS}#!/model/model.goldleaf.{table.split('.')[1]}"


def packed(rows: Sequence[dict[str, Any]]) -> str:
    """Return rows as text for the page: columns and values as JSON, gzipped, base64.

    The same rows give the same text.
    """
    columns = list(rows[0]) if rows else []
    values = [list(row.values()) for row in rows]
    text = json.dumps([columns, values], separators=(",", ":"), ensure_ascii=False)
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _problems(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each problem with its figures."""
    problems: dict[str, dict[str, Any]] = {}
    for row in rows:
        problem = problems.setdefault(row["problem"], {**row, "figures": []})
        if row["metric"] in METRICS:
            title = METRICS[row["metric"]].split(" (")[0]
            problem["figures"].append({**row, "title": title})
    return list(problems.values())
