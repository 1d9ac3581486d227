"""For each flight the latest values of five feature tables before its prediction."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks import tables

CONTENDERS = {
    "Goldleaf": "as_of_join.goldleaf",
    "pandas, merge_asof": "as_of_join.pandas_merge_asof",
    "polars, join_asof": "as_of_join.polars_join_asof",
}
WITH_FEAST = {
    "Goldleaf": "as_of_join.goldleaf",
    "Feast, DuckDB store": "as_of_join.feast_duckdb",
}
TABLES = (
    ("As-of join of five tables", "1x", CONTENDERS),
    ("As-of join of five tables", "10x", CONTENDERS),
    ("As-of join of five tables", "4000", WITH_FEAST),
    ("As-of join of five tables", "16000", WITH_FEAST),
)


class Feature(NamedTuple):
    """A feature table of the project and the columns that are looked up."""

    table: str
    entity: list[str]
    columns: list[str]


FEATURES = (
    Feature(
        "flight_schedule",
        ["flight_id"],
        ["scheduled_minute_of_day", "scheduled_duration_minutes", "distance_miles"],
    ),
    Feature("aircraft_profile", ["tail_number"], ["manufactured_year", "seats"]),
    Feature("aircraft_arrivals", ["tail_number"], ["arrival_delay_minutes_total"]),
    Feature(
        "origin_weather",
        ["origin"],
        ["temperature_f", "wind_speed_mph", "visibility_miles"],
    ),
    Feature(
        "route_arrivals",
        ["origin", "destination"],
        ["arrivals_total", "late_arrivals_total"],
    ),
)


def compare() -> bool:
    """Measure and print; return whether all results are equal."""
    return tables.compare("benchmarks.inputs", TABLES)
