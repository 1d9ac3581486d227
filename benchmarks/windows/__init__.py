"""Nine trailing windows for each flight, as known when its prediction is made.

Three entities of the project's features times three windows: the number of events known
in ``[prediction_at - window, prediction_at)`` and the mean of their delays.
"""

from __future__ import annotations

from typing import NamedTuple

from benchmarks import tables

CONTENDERS = {
    "Goldleaf": "windows.goldleaf",
    "DuckDB, prefix sums by hand": "windows.duckdb_prefix_sums",
    "DuckDB, range window": "windows.duckdb_range_window",
    "pandas, groupby rolling": "windows.pandas_rolling",
    "polars, rolling_sum_by": "windows.polars_rolling",
    "polars, join_asof": "windows.polars_join_asof",
}
TABLES = (
    ("Nine windows", "1x", CONTENDERS),
    ("Nine windows", "10x", CONTENDERS),
)


class Feature(NamedTuple):
    """A feature table of the project, the events it adds up and the delay averaged."""

    table: str
    entity: list[str]
    events: str
    delay: str


FEATURES = (
    Feature("origin_departures", ["origin"], "departures", "departure_delay_minutes"),
    Feature(
        "route_arrivals", ["origin", "destination"], "arrivals", "arrival_delay_minutes"
    ),
    Feature(
        "service_arrivals",
        ["carrier", "flight_number", "origin", "destination"],
        "arrivals",
        "arrival_delay_minutes",
    ),
)
"""3 origins, 224 routes and 12,075 services: flight numbers on a route."""

WINDOWS = ("3h", "24h", "28d")
EXAMPLE_COLUMNS = [
    "example_number",
    "prediction_at",
    *sorted({key for feature in FEATURES for key in feature.entity}),
]


def count_name(feature: Feature, window: str) -> str:
    """Return the column with the number of events in a window."""
    return f"{feature.table}_{window}"


def mean_name(feature: Feature, window: str) -> str:
    """Return the column with the mean delay in a window, null when it is empty."""
    return f"{feature.table}_delay_mean_{window}"


def compare() -> bool:
    """Measure and print; return whether all results are equal."""
    return tables.compare("benchmarks.inputs", TABLES)
