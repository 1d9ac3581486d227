"""Compares lakes: whole relations by hash, or row by row as far as an instant knew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from python_ml.edge.lake import relation_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from duckdb import DuckDBPyConnection

BOOKKEEPING = frozenset({"lake_snapshot", "fit_seconds"})
"""Columns that tell of the build rather than of the data, beside those with a `_`."""

OF_THE_BUILD = frozenset({"ml.costs", "ml.trials", "monitoring.profile"})
"""Tables that tell of what was run as well as of the data: builds, searches."""

_OF_VERSIONS_UP_TO_IT = (
    " and model_id in (select model_id from {lake}.ml.{problem}_models"
    " where cutoff_at <= {cutoff})"
)
_KNOWN_ROWS = {
    r"ml\.(?P<problem>.+)_labels": "label_known_at < {cutoff}",
    r"ml\.(?P<problem>.+)_dataset": "prediction_at {before} {cutoff}",
    r"ml\.(?P<problem>.+)_models": "cutoff_at <= {cutoff}",
    r"ml\.(?P<problem>.+)_scores": (
        "prediction_at {before} {cutoff}" + _OF_VERSIONS_UP_TO_IT
    ),
    r"ml\.evaluations": "split <> 'live' and cutoff_at <= {cutoff}",
    r"ml\.gates": "cutoff_at <= {cutoff}",
    r"ml\.interval_offsets": "from_at < {cutoff} and cutoff_at <= {cutoff}",
    r"ml\.(?P<problem>.+)_predictions": "prediction_at {before} {cutoff}",
    r"marts\.outlook_offsets": "from_at < {cutoff}",
}
"""Which rows of the problems' relations were decided by what a cut-off knew."""


@dataclass(frozen=True)
class Relation:
    """A table of a project, and the columns that name a row of it."""

    name: str
    key: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """How a table differs between two lakes, in the rows that a cut-off decided.

    Attributes:
        relation: the table.
        rows_compared: rows of the first lake, and those that only the second has.
        rows_changed: how many of them differ.
        changed_columns: where; ``(missing)`` and ``(new)`` stand for whole rows.
        example_key: the first of the changed rows, as ``column=value``.

    """

    relation: str
    rows_compared: int
    rows_changed: int
    changed_columns: tuple[str, ...]
    example_key: str | None


def content_hashes(lake: DuckDBPyConnection) -> dict[str, tuple[int, int | None]]:
    """Return rows and an order-free hash of every relation, without bookkeeping."""
    found = {}
    for relation in relation_names(lake):
        if relation in OF_THE_BUILD:
            continue
        described = lake.execute(f"describe {relation}").fetchall()
        columns = ", ".join(_compared(name for name, *_ in described))
        row = lake.execute(
            f"select count(*), bit_xor(hash({columns})) from {relation}"
        ).fetchone()
        assert row is not None
        found[relation] = row
    return found


def relations(manifest: dict[str, Any]) -> list[Relation]:
    """Return the tables of a project and their keys, as its tests state them."""
    grains = {
        node["attached_node"]: node["test_metadata"]["kwargs"]
        for node in manifest["nodes"].values()
        if (node.get("test_metadata") or {}).get("name") == "unique_by"
    }
    found = []
    for name, node in manifest["nodes"].items():
        if node["resource_type"] == "model" and name in grains:
            key = [*grains[name]["columns"], grains[name].get("or_null")]
            found.append(
                Relation(f"{node['schema']}.{node['alias']}", tuple(filter(None, key)))
            )
    return sorted(found, key=lambda relation: relation.name)


def differences(
    connection: DuckDBPyConnection,
    first: str,
    second: str,
    tables: Sequence[Relation],
    cutoff: datetime,
    *,
    inclusive: bool,
) -> Iterator[Difference]:
    """Compare two attached lakes in all that was decided before a cut-off.

    Args:
        connection: to which both lakes are attached.
        first: the name of one lake.
        second: the name of the other.
        tables: of the project; those without an instant of knowledge are left out, and
            those that the first lake has not.
        cutoff: rows with ``known_at`` or ``prediction_at`` before it are compared.
        inclusive: also compare examples whose ``prediction_at`` is the cut-off.

    Yields:
        One :class:`Difference` a table, with 0 rows changed where there is none.

    """
    for table in tables:
        columns = [
            name
            for (name,) in connection.execute(
                "select column_name from duckdb_columns() where database_name = $1"
                " and schema_name || '.' || table_name = $2 order by column_index",
                [first, table.name],
            ).fetchall()
        ]
        known = _known_rows(table, columns, cutoff, "<=" if inclusive else "<")
        if columns and known:
            yield _difference(
                connection, (first, second), table, _compared(columns), known, cutoff
            )


def _compared(columns: Iterable[str]) -> list[str]:
    return [
        name for name in columns if not name.startswith("_") and name not in BOOKKEEPING
    ]


def _known_rows(
    table: Relation, columns: Sequence[str], cutoff: datetime, before: str
) -> str | None:
    """Return a condition on rows, with ``{lake}`` to fill in, or none."""
    instant = f"timestamp '{cutoff}'"
    for pattern, condition in _KNOWN_ROWS.items():
        if of_problem := re.fullmatch(pattern, table.name):
            return condition.format(
                cutoff=instant,
                before=before,
                problem=of_problem.groupdict().get("problem"),
                lake="{lake}",
            )
    if "prediction_at" in table.key and table.name.startswith("features."):
        return f"prediction_at {before} {instant}"
    keeps_versions = {"known_at", "version"} & set(table.key)
    return f"known_at < {instant}" if "known_at" in columns and keeps_versions else None


def _difference(
    connection: DuckDBPyConnection,
    lakes: tuple[str, str],
    table: Relation,
    columns: Sequence[str],
    known: str,
    cutoff: datetime,
) -> Difference:
    values = [name for name in columns if name not in table.key]
    # A label is compared where both lakes had it from before the cut-off.
    labels = {"label", "label_known_at"} if "label_known_at" in columns else set()
    both_known = " and ".join(
        f"{side}.label_known_at < timestamp '{cutoff}'" for side in ("first", "second")
    )
    changes = {
        "(missing)": "second.is_there is null",
        "(new)": "first.is_there is null",
        **{
            name: f"first.is_there and second.is_there"
            f" and first.{name} is distinct from second.{name}"
            + (f" and {both_known}" if name in labels else "")
            for name in values
        },
    }
    keys = (f"coalesce(first.{name}, second.{name}) as {name}" for name in table.key)
    same_key = " and ".join(
        f"first.{name} is not distinct from second.{name}" for name in table.key
    )
    rows = [
        f"(select *, true as is_there from {lake}.{table.name}"
        f" where {known.format(lake=lake)})"
        for lake in lakes
    ]
    key_text = " || ', ' || ".join(
        f"'{name}=' || coalesce({name}::varchar, 'null')" for name in table.key
    )
    row = connection.execute(
        f"""
        with compared as (
            select
                {_joined(keys)},
                [{_joined(f"coalesce({change}, false)" for change in changes.values())}]
                    as changes
            from {rows[0]} as first
            full join {rows[1]} as second
            on {same_key}
        )

        select
            count(*),
            count(*) filter (where list_contains(changes, true)),
            min({key_text}) filter (where list_contains(changes, true)),
            {_joined(f"bool_or(changes[{place + 1}])" for place in range(len(changes)))}
        from compared
        """
    ).fetchone()
    assert row is not None
    compared, changed, example, *is_changed = row
    return Difference(
        table.name,
        compared,
        changed,
        tuple(name for name, is_ in zip(changes, is_changed, strict=True) if is_),
        example,
    )


def _joined(expressions: Iterable[str]) -> str:
    return ",\n".join(expressions)
