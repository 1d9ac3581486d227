"""The models of drift, compiled by dbt, run on tables that a test makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from benchmarks.drift import MODELS

if TYPE_CHECKING:
    from conftest import Workspace

READ = ("gold.clock", "ml.models", "ml.champions", "ml.importances", "ml.scores")


@dataclass(frozen=True)
class DriftModels:
    """The SQL of each model, and the columns of the relations that they read."""

    statements: dict[str, str]
    database: str
    columns: dict[str, dict[str, str]]

    def engine(self) -> duckdb.DuckDBPyConnection:
        """Return a database in memory with all that the models read, without a row."""
        engine = duckdb.connect()
        if self.database != "memory":
            engine.execute(f"attach ':memory:' as {self.database}; use {self.database}")
        for schema in ("gold", "ml", "monitoring"):
            engine.execute(f"create schema {schema}")
        for relation, types in self.columns.items():
            listed = ", ".join(f"{name} {type_}" for name, type_ in types.items())
            engine.execute(f"create table {relation} ({listed})")
        return engine

    def build(self, engine: duckdb.DuckDBPyConnection, *names: str) -> None:
        """Build some of the models, by default all."""
        for name in names or MODELS:
            engine.execute(
                f"create or replace table monitoring.{name} as {self.statements[name]}"
            )


def drift_models(workspace: Workspace) -> DriftModels:
    """Return the models as dbt compiled them in a workspace."""
    nodes: dict[str, Any] = workspace.target("manifest.json")["nodes"]
    columns = {}
    for node in nodes.values():
        relation = f"{node['schema']}.{node.get('alias')}"
        if relation in READ or relation.endswith("_dataset"):
            columns[relation] = {
                column["name"]: column["data_type"]
                for column in node["columns"].values()
            }
    database = nodes["model.goldleaf.drift"]["database"]
    return DriftModels(workspace.compiled(*MODELS), database, columns)
