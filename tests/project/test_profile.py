"""Figures of columns against pandas and numpy, and how builds keep them."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from conftest import Workspace

from python_ml.edge.lake import attach_lake, connect

if TYPE_CHECKING:
    from collections.abc import Callable

TABLES = 40
EPOCH = datetime(1970, 1, 1)
FIRST_DAY = date(2013, 1, 1)
LIMIT = 2**63 - 1
INFINITY = float("inf")
# From -0.2 to 0.8 rounding puts some of them a bin too low, others a bin too high.
EDGES = [*(tenth / 10 for tenth in range(-2, 9)), -0.0, float("nan")]
LETTERS = ["a", "B", "é", "中", "🛫", "'", '"', " ", "\n"]
QUANTILES = {"p05": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95}

Values = list[Any]
Draw = random.Random


def wild_number(draw: Draw) -> float:
    size = 10.0 ** draw.randrange(-12, 16)
    return draw.choice([draw.gauss(0, size), draw.gauss(1e6, 1), INFINITY, -INFINITY])


def text(draw: Draw) -> str:
    length = draw.choice([0, 1, 1, 2, 120])
    return "".join(draw.choice(LETTERS) for _ in range(length))


def huge(draw: Draw) -> int:
    return draw.choice([1, -1]) * (LIMIT - draw.randrange(9))


def money(draw: Draw) -> Decimal:
    return Decimal(draw.randrange(-500, 500)) / 100


def day(draw: Draw) -> date:
    return FIRST_DAY + timedelta(draw.randrange(-999, 999))


def instant(draw: Draw) -> datetime:
    return EPOCH + timedelta(microseconds=draw.randrange(2**51))


def zoned(draw: Draw) -> datetime:
    return datetime(2013, 1, 1, draw.randrange(24), tzinfo=UTC)


GENERATED: dict[str, tuple[pa.DataType, Callable[[Draw], Any]]] = {
    "measure": (pa.float64(), lambda draw: draw.gauss(5, 2)),
    "edges": (pa.float64(), lambda draw: draw.choice(EDGES)),
    "wild": (pa.float64(), wild_number),
    "single": (pa.float32(), lambda draw: float(np.float32(draw.gauss(0, 1)))),
    "count": (pa.int32(), lambda draw: int(draw.expovariate(0.2))),
    "huge": (pa.int64(), huge),
    "natural": (pa.uint8(), lambda draw: draw.randrange(256)),
    "money": (pa.decimal128(12, 2), money),
    "flag": (pa.bool_(), lambda draw: draw.random() < 0.3),
    "the 'name'": (pa.string(), text),
    "day": (pa.date32(), day),
    "instant": (pa.timestamp("us"), instant),
    "zoned": (pa.timestamp("us", "UTC"), zoned),
    "parts": (pa.list_(pa.int64()), lambda draw: [0] * draw.randrange(3)),
    "nothing": (pa.string(), lambda _: None),
}
NUMBERS = ("measure", "edges", "wild", "single", "count", "huge", "natural", "money")
INSTANTS = ("day", "instant", "zoned")
NAMES = {"relation", "rows_snapshot", "column_name", "position", "data_type"}

PROFILES = """
{%- for name, data_type in columns %}
    {%- set same_type = [] %}
    {%- for table in range(tables) %}
        {%- do same_type.append({
            'relation': 'generated_' ~ table,
            'relation_sql': 'generated_' ~ table,
            'rows_snapshot': 1,
            'column_name': name,
            'position': 1,
            'data_type': data_type,
        }) %}
    {%- endfor %}
    {{- column_profiles(same_type) }};
{%- endfor %}
"""


def generate(seed: int) -> dict[str, Values]:
    """The columns of a table, with repeats, constants and missing values."""
    draw = random.Random(seed)
    rows = draw.choice([0, 1, 2, 3, 11, 40, 400])
    columns = {}
    for name, (_, value) in GENERATED.items():
        pool = [value(draw) for _ in range(draw.choice([1, 2, 9, 400]))]
        missing_share = draw.choice([0, 0.2, 1])
        columns[name] = [
            None if draw.random() < missing_share else draw.choice(pool)
            for _ in range(rows)
        ]
    return columns


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("profile"))


@pytest.fixture(scope="module")
def profiles(workspace: Workspace) -> list[dict[str, Any]]:
    """What the macro finds in the generated tables."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for seed in range(TABLES):
            arrays = {
                name: pa.array(values, type=GENERATED[name][0], from_pandas=False)
                for name, values in generate(seed).items()
            }
            connection.register(f"generated_{seed}", pa.table(arrays))
        one = connection.table("generated_0")
        columns = list(zip(one.columns, map(str, one.types), strict=True))
        declared = f"{{%- set tables, columns = {TABLES}, {columns} %}}"
        printed = workspace.succeed(
            "dbt", "-q", "compile", "--target", "lint", "--inline", declared + PROFILES
        )
        return [
            row
            for profile in printed.strip().rstrip(";").split(";")
            for row in connection.execute(profile).to_arrow_table().to_pylist()
        ]


def expected(name: str, values: Values) -> dict[str, Any]:
    """The figures that pandas gives."""
    series = pd.Series(values, dtype=object)
    known = series.dropna()
    hashable = known.map(tuple) if name == "parts" else known
    counts = hashable.value_counts()
    most_frequent = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:5]
    figures: dict[str, Any] = {
        "rows": len(series),
        "missing": series.isna().sum(),
        "distinct_values": hashable.nunique(),
        "top_values": [(comparable(name, value), n) for value, n in most_frequent],
    }
    if name != "parts" and len(known):
        figures["smallest"] = comparable(name, min(known))
        figures["largest"] = comparable(name, max(known))
    if name == "flag" and len(known):
        figures["mean"] = known.astype(float).mean()
    if name in NUMBERS:
        figures |= expected_of_numbers(known.astype(float))
    if name in INSTANTS:
        since = pd.to_datetime(known, utc=True) - pd.Timestamp(EPOCH, tz="UTC")
        figures |= expected_of_numbers((since / pd.Timedelta(seconds=1)).astype(float))
    return figures


def expected_of_numbers(known: pd.Series[float]) -> dict[str, Any]:
    finite = known[np.isfinite(known)]
    figures: dict[str, Any] = {"infinite": len(known) - len(finite)}
    if finite.empty:
        return figures
    low, high = finite.quantile(0.25), finite.quantile(0.75)
    fence = 1.5 * (high - low)
    is_constant = finite.min() == finite.max()
    bins = [0] * 9 + [len(finite)] if is_constant else np.histogram(finite, bins=10)[0]
    return figures | {
        "minimum": finite.min(),
        "maximum": finite.max(),
        **{name: finite.quantile(share) for name, share in QUANTILES.items()},
        "mean": finite.mean(),
        "standard_deviation": finite.std() if len(finite) > 1 else None,
        "outlier_share": ((known < low - fence) | (known > high + fence)).mean(),
        "histogram": list(bins),
    }


def comparable(name: str, value: Any) -> Any:
    """A value of the table, as `parsed` gives it."""
    if name in NUMBERS:
        return Decimal(value) if name in ("huge", "money") else float(value)
    if name in INSTANTS:
        return pd.Timestamp(value)
    if name == "flag":
        return str(value).lower()
    return str(list(value)) if name == "parts" else str(value)[:100]


def parsed(name: str, shown: str) -> Any:
    """A value from the text by which DuckDB shows it."""
    if name == "single":
        return float(np.float32(shown))
    if name in NUMBERS:
        return Decimal(shown) if name in ("huge", "money") else float(shown)
    return pd.Timestamp(shown) if name in INSTANTS else shown


def figure_of(row: dict[str, Any], figure: str) -> Any:
    name, value = row["column_name"], row[figure]
    if figure == "top_values":
        return [(parsed(name, top["value"]), top["n"]) for top in value or []]
    return parsed(name, value) if figure in ("smallest", "largest") else value


def test_figures_equal_those_of_pandas(profiles: list[dict[str, Any]]) -> None:
    tables = {f"generated_{seed}": generate(seed) for seed in range(TABLES)}
    compared = 0
    for row in profiles:
        values = tables[row["relation"]][row["column_name"]]
        size = abs(row.get("minimum") or 0) + abs(row.get("maximum") or 0)
        figures = expected(row["column_name"], values)
        for figure, value in figures.items():
            is_float = isinstance(value, float)
            assert figure_of(row, figure) == (
                pytest.approx(value, rel=1e-9, abs=1e-12 * size) if is_float else value
            ), (figure, row, values)
            compared += 1
        others = row.keys() - figures.keys() - NAMES
        assert [figure for figure in others if row[figure] is not None] == [], row
    assert compared > TABLES * 100
    shares = [
        row["distinct_values"] / (row["rows"] - row["missing"])
        for row in profiles
        if row["column_name"] in NUMBERS and row["missing"] < row["rows"]
    ]  # quantiles have a way of their own where few values repeat much
    assert sum(share < 0.25 for share in shares) > TABLES
    assert sum(0.25 < share < 1 for share in shares) > TABLES


def test_a_histogram_that_no_double_can_measure_is_null(workspace: Workspace) -> None:
    printed = workspace.succeed(
        "dbt", "-q", "compile", "--target", "lint", "--inline",
        "{{ column_profiles([{'relation': 'wide', 'relation_sql': 'wide', "
        "'rows_snapshot': 1, 'column_name': 'x', 'position': 1, "
        "'data_type': 'DOUBLE'}]) }}",
    )  # fmt: skip
    with duckdb.connect() as connection:
        connection.execute("create table wide as select unnest([-1.7e308, 1.7e308]) x")
        (row,) = connection.execute(printed).to_arrow_table().to_pylist()
    assert (row["minimum"], row["maximum"]) == (-1.7e308, 1.7e308)
    assert row["histogram"] is None


LAST = """
    select relation, column_name, rows, rows_snapshot, distinct_values
    from monitoring.profile
    where run_started_at = (select max(run_started_at) from monitoring.profile)
    order by relation, position
"""


def test_a_build_looks_again_only_at_what_changed(workspace: Workspace) -> None:
    def change(sql: str) -> None:
        workspace.close()
        with connect() as connection:
            attach_lake(connection, workspace.folder / "lake", "lake", "read_write")
            connection.execute(sql)

    for table in ("flights", "weather", "planes"):
        (workspace.landing / table).mkdir(parents=True)
        (workspace.landing / table / "2013-01.csv").touch()  # seeds are enough here
    workspace.succeed("dbt", "seed")
    workspace.succeed("dbt", "run", "--select", "profile")
    first = workspace.query(LAST)
    assert len(first) == 2 + 9
    assert {(relation, rows) for relation, _, rows, *_ in first} == {
        ("seeds.airline_codes", 16),
        ("seeds.airport_codes", 1462),
    }
    # Of a table that did not change the figures are those of before, right or wrong.
    change("update lake.monitoring.profile set distinct_values = -1")
    change("delete from lake.seeds.airline_codes where carrier = 'UA'")
    workspace.succeed("dbt", "run", "--empty", "--select", "profile")
    second = workspace.query(LAST)
    assert {row[:1] + row[2:] for row in second if row[4] == -1} == {
        ("seeds.airport_codes", 1462, first[-1][3], -1)
    }
    assert [row[2:5:2] for row in second[:2]] == [(15, 15), (15, 15)]
    assert second[0][3] > first[0][3]
    builds, tables = workspace.query(
        "select count(distinct invocation_id), count(distinct relation) "
        "from monitoring.profile"
    )[0]
    assert (builds, tables) == (2, 2)  # not of the profile itself
