"""The reference: prefix sums and ASOF joins, as one would write them by hand.

The sums at ``prediction_at`` are looked up once for the three windows of an entity; two
ASOF joins for each window by itself are slower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.duckdb_engine import joined, run_script
from benchmarks.windows import FEATURES, WINDOWS, Feature, count_name, mean_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def prefix_sums(feature: Feature) -> str:
    """Return the statement that makes the sums of a feature's events."""
    entity = ", ".join(feature.entity)
    prefix = f"partition by {entity} order by known_at"
    return f"""
        create table {feature.table}_sums as
        select
            {entity},
            known_at,
            cast(sum(events) over ({prefix}) as bigint) as events,
            cast(sum(delay) over ({prefix}) as bigint) as delay
        from (
            select {entity}, known_at, count(*) as events, sum({feature.delay}) as delay
            from {feature.events}
            group by all
        );
    """


def in_windows(feature: Feature) -> str:
    """Return the query of a feature's windows."""

    def lookup(name: str, instant: str) -> str:
        same = [f"examples.{key} = {name}.{key}" for key in feature.entity]
        condition = " and ".join([*same, f"{instant} > {name}.known_at"])
        return f"asof left join {feature.table}_sums as {name} on {condition}"

    columns = []
    lookups = [lookup("latest", "examples.prediction_at")]
    for window in WINDOWS:
        before = f"before_{window}"
        lookups.append(lookup(before, f"examples.prediction_at - interval '{window}'"))
        events = f"coalesce(latest.events, 0) - coalesce({before}.events, 0)"
        delay = f"latest.delay - coalesce({before}.delay, 0)"
        columns += [
            f"{events} as {count_name(feature, window)}",
            f"({delay}) / nullif({events}, 0) as {mean_name(feature, window)}",
        ]
    return f"""
        select examples.example_number, {", ".join(columns)}
        from examples
        {" ".join(lookups)}
    """


def run(inputs: Path) -> Callable[[Path], None]:
    """Run the nine windows."""
    tables = "".join(prefix_sums(feature) for feature in FEATURES)
    queries = {feature.table: in_windows(feature) for feature in FEATURES}
    return run_script(inputs, f"{tables} create table result as {joined(queries)}")
