"""The docs say what is there: no column without words, no words without a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conftest import Workspace


def test_documented_columns_are_the_real_ones(
    some_flights: Workspace, manifest: dict[str, Any]
) -> None:
    catalog = some_flights.target("catalog.json")["nodes"]
    compared = 0
    for name, node in manifest["nodes"].items():
        if node["resource_type"] not in ("model", "seed"):
            continue
        if node["config"]["materialized"] == "ephemeral":
            continue
        documented = {column.lower() for column in node["columns"]}
        real = {column.lower() for column in catalog[name]["columns"]}
        assert documented == real, f"{name}: {sorted(documented ^ real)}"
        compared += 1
    assert compared > 40


def test_every_table_and_column_is_described(manifest: dict[str, Any]) -> None:
    described = {**manifest["nodes"], **manifest["sources"]}
    for name, node in described.items():
        if node["resource_type"] not in ("model", "seed", "source"):
            continue
        assert node["description"].strip(), name
        for column in node["columns"].values():
            assert column["description"].strip(), f"{name}.{column['name']}"


def test_descriptions_are_kept_in_the_lake(some_flights: Workspace) -> None:
    comments = some_flights.query(
        "select t.comment, c.comment from duckdb_tables() as t "
        "inner join duckdb_columns() as c using (schema_name, table_name) "
        "where schema_name = 'gold' and table_name = 'fct_flights' "
        "and column_name = 'is_late' and t.database_name = 'lake'"
    )
    assert len(comments) == 1
    table, column = comments[0]
    assert table.startswith("One row per scheduled flight")
    assert column.startswith("Arrived 15 minutes late or more")


def test_the_docs_are_one_page_that_opens_without_a_server(
    some_flights: Workspace,
) -> None:
    page = (some_flights.folder / "target" / "static_index.html").read_text()
    assert "How to read a prediction" in page
    assert "model.goldleaf.arrival_delay_predictions" in page


def test_lineage_leads_from_the_landed_files_to_the_predictions(
    manifest: dict[str, Any],
) -> None:
    ancestors: set[str] = set()
    waiting = ["model.goldleaf.predictions"]
    while waiting:
        for parent in manifest["parent_map"][waiting.pop()]:
            if parent not in ancestors:
                ancestors.add(parent)
                waiting.append(parent)
    assert "source.goldleaf.landing.flights" in ancestors
    assert "source.goldleaf.landing.weather" in ancestors
    assert "source.goldleaf.landing.planes" in ancestors
    assert "source.goldleaf.landing.decisions" in ancestors
