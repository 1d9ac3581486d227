"""A lake with two small problems, trained and scored as dbt does it."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from fake_lake import writing

from python_ml.edge.score import score
from python_ml.edge.train import train
from python_ml.problem import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

_COMMON: dict[str, Any] = {
    "prediction_time": "two hours before departure",
    "label_known": "when the flight lands",
    "entity": ["carrier", "flight_number"],
    "first_cutoff": "2013-07-01",
    "last_cutoff": "2013-07-01",
    "calibration_days": 7,
    "gate_days": 7,
    "categorical": ["origin"],
    "parameters": {"num_leaves": 4, "min_data_in_leaf": 20, "max_iterations": 8},
}
DELAY = {
    **_COMMON,
    "name": "delay",
    "task": "binary",
    "label": "1 if it is late",
    "gates": {"calibrated": False},
}
DELAY_MINUTES = {
    **_COMMON,
    "name": "delay_minutes",
    "task": "regression",
    "label": "delay in minutes",
}
LABELS = {"delay": "cast(minutes >= 15 as integer)", "delay_minutes": "minutes"}

# A flight an hour from May on; a flight number every 200 hours; nothing departs in the
# three hours before every third of them; all aircraft have as many seats.
_FLIGHTS = """
create temp view flights as
select
    case when hour % 2 = 1 then 'UA' else 'AA' end as carrier,
    cast(hour % 200 as integer) as flight_number,
    timestamp '2013-05-01' + to_hours(hour) as prediction_at,
    case hash(hour) % 3 when 0 then 'EWR' when 1 then 'JFK' else 'LGA' end as origin,
    cast(hour % 3 as bigint) as departures_3h,
    case when hour % 3 > 0 then hash(hour) % 40 - 10.0 end as delay_minutes_3h,
    100 as seats,
    coalesce(delay_minutes_3h, 0) + 10 * departures_3h + hash(hour) % 3 * 8
    + cast(hash(-hour) % 10 as double) - 15 as minutes
from range(1500) as hours (hour)
"""

_REGISTRY = """
create table features.registry as from (values
    ('flights', 'origin', 'name', 'the origin is {}', null, 'delay, delay_minutes'),
    ('flights', 'departures_3h', 'count', null, null, 'delay, delay_minutes'),
    ('flights', 'seats', 'count', null, null, 'delay, delay_minutes'),
    ('departures', 'delay_minutes_3h', 'minutes', null, null, 'delay, delay_minutes'),
    (
        'flights', 'delay_minutes_3h', 'minutes',
        '{departures_3h:departures} from {origin}, {:late|on time|early} on average',
        'no departures from {origin}', 'delay, delay_minutes'
    ),
    ('minutes', 'origin', 'name', 'of delay_minutes alone', null, 'delay_minutes')
) as registry (feature_table, feature, unit, phrase, phrase_if_null, used_by)
"""


def make_trained_lake(folder: Path) -> None:
    with writing(folder) as lake:
        lake.execute("create schema ml; create schema features")
        lake.execute(_FLIGHTS)
        lake.execute(_REGISTRY)
        for declaration in (DELAY, DELAY_MINUTES):
            _train_and_score(lake, declaration)
        for kind in ("models", "scores", "predictions", "problems"):
            lake.execute(
                f"create view ml.{kind} as from ml.delay_{kind} "
                f"union all from ml.delay_minutes_{kind}"
            )


def _train_and_score(lake: DuckDBPyConnection, declaration: dict[str, Any]) -> None:
    name = declaration["name"]
    examples = f"select * exclude (minutes), {LABELS[name]} as label, " + (
        "prediction_at + interval 4 hours as label_known_at from flights"
    )
    lake.execute(f"create table ml.{name}_dataset as {examples}")
    lake.execute(
        f"create table ml.{name}_labels as select carrier, flight_number, "
        f"prediction_at, label, label_known_at from ({examples})"
    )
    dbt = SimpleNamespace(
        is_incremental=False, this=SimpleNamespace(database="lake"), name=name
    )
    dataset = lake.table(f"ml.{name}_dataset")
    labels = lake.table(f"ml.{name}_labels")
    clock = lake.sql("select timestamp '2013-07-02 12:00' as clock_at")
    models = train(dbt, lake, declaration, dataset, labels, clock)
    assert models.num_rows == 1
    lake.from_arrow(models).create(f"ml.{name}_models")
    trained = lake.table(f"ml.{name}_models")
    scores = score(dbt, lake, declaration, dataset, trained)
    writer = lake.cursor()  # as dbt-duckdb does: the first is busy reading the examples
    writer.execute("use lake")
    writer.from_arrow(scores).create(f"ml.{name}_scores")
    lake.execute(
        f"create table ml.{name}_predictions as "
        f"select '{name}' as problem, scores.* exclude (raw_score), "
        "cast(label as double) as label, label_known_at "
        f"from ml.{name}_scores as scores inner join ml.{name}_dataset as dataset "
        "on scores.prediction_at = dataset.prediction_at"
    )
    problem = Problem.from_declaration(declaration)
    lake.execute(
        f"create table ml.{name}_problems as select $1 as problem, $2 as label, "
        "$3 as prediction_time, $4 as label_known, cast($5 as varchar[]) as entity",
        [
            name,
            problem.label,
            problem.prediction_time,
            problem.label_known,
            json.dumps(problem.entity),
        ],
    )
