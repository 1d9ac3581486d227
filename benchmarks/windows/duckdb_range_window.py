"""DuckDB's range window, over the events and the examples together.

https://duckdb.org/docs/stable/sql/functions/window_functions#framing
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.duckdb_engine import joined, run_script
from benchmarks.windows import FEATURES, WINDOWS, Feature, count_name, mean_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def in_windows(feature: Feature) -> str:
    """Return the query of a feature's windows; an example is a row without a delay."""
    entity = ", ".join(feature.entity)
    columns = ", ".join(
        f"count(delay) over last_{window} as {count_name(feature, window)}, "
        f"avg(delay) over last_{window} as {mean_name(feature, window)}"
        for window in WINDOWS
    )
    windows = ", ".join(
        f"""last_{window} as (
            partition by {entity}
            order by instant
            range between interval '{window}' preceding
            and interval '1 microsecond' preceding
        )"""
        for window in WINDOWS
    )
    return f"""
        select example_number, {columns}
        from (
            select example_number, {entity}, prediction_at as instant, null as delay
            from examples
            union all
            select null, {entity}, known_at, {feature.delay} from {feature.events}
        )
        window {windows}
        qualify example_number is not null
    """


def run(inputs: Path) -> Callable[[Path], None]:
    """Run the nine windows."""
    queries = {feature.table: in_windows(feature) for feature in FEATURES}
    return run_script(inputs, f"create table result as {joined(queries)}")
