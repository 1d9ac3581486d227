"""The point-in-time macros against a brute-force oracle, on generated worlds."""

from __future__ import annotations

import math
import random
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from conftest import Workspace

WORLDS = 250
EXAMPLES = 50
"""250 worlds of 50 examples: 12,500 cases, each of every measure and window."""

WINDOWS = {"10m": 10, "3h": 180, "2d": 2880}
START = datetime(2013, 3, 9, 12)  # the clocks go forward within the world

RUNNING_TOTALS = """
{{ running_totals('events', ['place', 'number'], 'events', ['delay', 'late']) }}
"""
TRAILING = """
{{ trailing(
    'examples',
    api.Relation.create(identifier='totals'),
    ['place', 'number'],
    ['10m', '3h', '2d'],
    {
        'n': ['count', 'events'],
        'delay': ['sum', 'delay'],
        'delay_mean': ['mean', 'delay', 'events'],
        'late_share': ['share', 'late', 'events'],
    },
) }}
"""
LATEST = """
{{ point_in_time_join(
    'examples', api.Relation.create(identifier='latest'), ['place', 'number'],
    ['delay'], maximum_age='3h', minutes_since='age'
) }}
"""
Row = dict[str, Any]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("macros"))


@pytest.fixture(scope="module")
def statements(workspace: Workspace) -> dict[str, str]:
    return workspace.compiled_templates(
        {"totals": RUNNING_TOTALS, "trailing": TRAILING, "latest": LATEST}
    )


def generate(seed: int) -> tuple[list[Row], list[Row]]:
    """Events and examples with ties, null keys, repeats, and late knowledge."""
    draw = random.Random(seed)
    places = ["a", "b", None]
    steps = draw.choice([1, 10, 60])  # coarse steps make ties and window edges common

    def instant() -> datetime:
        return START + timedelta(minutes=steps * draw.randrange(0, 3000 // steps))

    def entity() -> Row:
        return {"place": draw.choice(places), "number": draw.choice([1, 2, None])}

    events = [
        {**entity(), "known_at": instant(), "delay": draw.randrange(-20, 90)}
        for _ in range(draw.choice([0, 1, 20, 400]))
    ]
    for event in events:
        event["event_at"] = event["known_at"] - timedelta(minutes=draw.randrange(500))
    examples = [
        {**entity(), "prediction_at": instant(), "example_number": number}
        for number in range(EXAMPLES)
    ]
    return events, examples


def same_entity(event: Row, example: Row) -> bool:
    return all(
        event[column] is not None and event[column] == example[column]
        for column in ("place", "number")
    )


def expected_windows(events: list[Row], example: Row) -> Row:
    expected: Row = {}
    now = example["prediction_at"]
    for window, minutes in WINDOWS.items():
        inside = [
            event["delay"]
            for event in events
            if same_entity(event, example)
            and now - timedelta(minutes=minutes) <= event["known_at"] < now
        ]
        late = sum(delay >= 15 for delay in inside)
        expected[f"n_{window}"] = len(inside)
        expected[f"delay_{window}"] = sum(inside)
        expected[f"delay_mean_{window}"] = sum(inside) / len(inside) if inside else None
        expected[f"late_share_{window}"] = late / len(inside) if inside else None
    return expected


def expected_latest(events: list[Row], example: Row) -> Row:
    now = example["prediction_at"]
    known = [
        event
        for event in events
        if same_entity(event, example) and event["known_at"] < now
    ]
    last = max(known, key=lambda event: event["known_at"], default=None)
    if last is None or last["known_at"] < now - timedelta(hours=3):
        return {"delay": None, "age": None}
    age = (now - last["known_at"]).total_seconds() / 60
    return {"delay": last["delay"], "age": age}


def differences(found: list[Row], expected: list[Row]) -> int:
    assert len(found) == len(expected) == EXAMPLES  # none lost, none multiplied
    different = 0
    for row, wanted in zip(found, expected, strict=True):
        for name, value in wanted.items():
            if value is None or row[name] is None:
                different += row[name] is not value
            else:
                different += not math.isclose(row[name], value, abs_tol=1e-12)
    return different


ENTITY = [("place", pa.string()), ("number", pa.int32())]
EVENTS = pa.schema([*ENTITY, ("known_at", pa.timestamp("us")), ("delay", pa.int32())])
EXAMPLE = pa.schema(
    [*ENTITY, ("prediction_at", pa.timestamp("us")), ("example_number", pa.int32())]
)


def load(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    schema: pa.Schema,
    rows: list[Row],
) -> None:
    connection.register("rows", pa.Table.from_pylist(rows, schema))
    connection.execute(f"create or replace table {name} as from rows")


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    result = connection.execute(f"select * from ({sql}) order by example_number")
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def test_twelve_thousand_cases_without_a_difference(statements: dict[str, str]) -> None:
    connection = duckdb.connect()
    different = cases = filled = 0
    for seed in range(WORLDS):
        events, examples = generate(seed)
        load(connection, "events", EVENTS, events)
        load(connection, "examples", EXAMPLE, examples)
        connection.execute(
            "create or replace table events as "
            "select *, cast(delay >= 15 as integer) as late from events"
        )
        connection.execute(f"create or replace table totals as {statements['totals']}")
        wanted = [expected_windows(events, example) for example in examples]
        different += differences(rows_of(connection, statements["trailing"]), wanted)

        by_instant = {
            (event["place"], event["number"], event["known_at"]): event
            for event in events
        }
        unique = list(by_instant.values())
        load(connection, "latest", EVENTS, unique)
        newest = [expected_latest(unique, example) for example in examples]
        different += differences(rows_of(connection, statements["latest"]), newest)
        cases += len(examples)
        filled += sum(row["n_3h"] > 0 for row in wanted)
    assert cases >= 10_000
    assert filled > 1_000
    assert different == 0


def trailing(totals: str, entity: str, window: str, measure: list[str]) -> str:
    measures = {"n": measure}
    return f"trailing('x', ref('{totals}'), ['{entity}'], ['{window}'], {measures})"


COUNT = ["count", "arrivals"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            trailing("arrivals", "carrier", "3h", COUNT),
            "trailing: totals is silver.arrivals, which has no column 'arrivals_total'",
        ),
        (
            trailing("carrier_arrivals", "airline", "3h", COUNT),
            "totals is features.carrier_arrivals, which has no column 'airline'",
        ),
        (
            trailing("carrier_arrivals", "carrier", "3h", ["median", "arrivals"]),
            "trailing: measures: 'n' is ['median', 'arrivals']",
        ),
        (
            trailing("carrier_arrivals", "carrier", "3h", ["mean", "arrivals"]),
            "trailing: measures: 'n' is ['mean', 'arrivals']",
        ),
        (
            trailing("carrier_arrivals", "carrier", "0h", COUNT),
            "trailing: windows is '0h'",
        ),
        (
            trailing("carrier_arrivals", "carrier", "-3h", COUNT),
            "trailing: windows is '-3h'",
        ),
        (
            "point_in_time_join('x', ref('dim_airlines'), ['carrier'], ['carrier'])",
            "features is gold.dim_airlines, which has no column 'known_at'",
        ),
        (
            "point_in_time_join('x', ref('origin_weather'), ['origin'], "
            "['temperature_f'], maximum_age='soon')",
            "point_in_time_join: maximum_age is 'soon'",
        ),
    ],
)
def test_a_mistake_in_a_call_is_an_error_of_compilation(
    workspace: Workspace, call: str, message: str
) -> None:
    done = workspace.run(
        "dbt", "compile", "--target", "lint", "--inline", "{{ " + call + " }}"
    )
    assert done.returncode != 0
    assert message in done.stdout
