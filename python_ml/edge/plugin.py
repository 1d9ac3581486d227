"""dbt-duckdb plugin: what DuckDB needs before dbt opens the lake."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb.func import ARROW

from python_ml.delivery import read_delivery
from python_ml.edge.lake import load_ducklake
from python_ml.edge.memory import memory_watch
from python_ml.problem import Problem

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

READ_DELIVERY_TYPE = (
    "struct(kind varchar, line_number bigint, line_count integer, "
    "fields varchar[], raw_line varchar, reason varchar)[]"
)

_ARROW_LINES = pa.list_(
    pa.struct(
        [
            ("kind", pa.string()),
            ("line_number", pa.int64()),
            ("line_count", pa.int32()),
            ("fields", pa.list_(pa.string())),
            ("raw_line", pa.string()),
            ("reason", pa.string()),
        ]
    )
)


def read_deliveries(
    contents: pa.ChunkedArray, files: pa.ChunkedArray, required: pa.ChunkedArray
) -> pa.Array:
    """Apply :func:`python_ml.delivery.read_delivery` to a column of files.

    The three columns have one row a file: its bytes, its name, its required columns.
    """
    return pa.concat_arrays(  # file by file: Python objects of one file at a time
        [
            pa.array([_as_tuples(content, file, columns)], type=_ARROW_LINES)
            for content, file, columns in zip(contents, files, required, strict=True)
        ]
        or [pa.array([], type=_ARROW_LINES)]
    )


def _as_tuples(
    content: pa.Scalar, file: pa.Scalar, columns: pa.Scalar
) -> list[tuple[Any, ...]]:
    lines = read_delivery(content.as_py(), file.as_py(), columns.as_py())
    return [
        (line.kind, line.number, line.count, line.fields, line.raw, line.reason)
        for line in lines
    ]


def peak_memory_mb(begin: datetime, end: datetime) -> int:
    """Return the most memory, in MB, this process took between two UTC instants."""
    began, ended = (at.replace(tzinfo=UTC).timestamp() for at in (begin, end))
    return round(memory_watch().peak_mb(began, ended))


DECLARATION_TYPE = (
    "struct(name varchar, task varchar, label varchar, prediction_time varchar, "
    "label_known varchar, entity varchar[], first_cutoff date, last_cutoff date, "
    "cutoff_months integer, calibration_days integer, gate_days integer, "
    "metric varchar, baseline varchar[], groups varchar[], reweigh varchar, "
    "gates struct(check_name varchar, bound double)[], coverage double, "
    "offset_days integer, categorical varchar[], parameters varchar, seed bigint, "
    "tune_before date)"
)


def read_declaration(declaration: str) -> dict[str, Any]:
    """Check a declaration given as JSON, and return it with its defaults."""
    problem = Problem.from_declaration(json.loads(declaration))
    return {
        **asdict(problem),
        "gates": [
            {"check_name": name, "bound": bound}
            for name, bound in problem.gates.items()
        ],
        "parameters": json.dumps(problem.parameters, sort_keys=True),
    }


class Plugin(BasePlugin):
    """Makes the lake's folder, loads DuckLake, registers the project's functions."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Make the folder of the lake, as DuckLake does not; watch the memory."""
        memory_watch()
        (Path(plugin_config["lake"]) / "data").mkdir(parents=True, exist_ok=True)

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Load the extension and the functions before the lake is attached."""
        load_ducklake(conn)
        conn.create_function(
            "read_delivery",
            read_deliveries,
            ["BLOB", "VARCHAR", "VARCHAR[]"],
            READ_DELIVERY_TYPE,
            type=ARROW,
        )
        conn.create_function(
            "peak_memory_mb",
            peak_memory_mb,
            ["TIMESTAMP", "TIMESTAMP"],
            "BIGINT",
        )
        conn.create_function(
            "read_declaration", read_declaration, ["VARCHAR"], DECLARATION_TYPE
        )
