"""What a build cost: a row for each node that it built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conftest import Workspace

FIRST_RUN = (
    "from ml.costs where run_started_at = (select min(run_started_at) from ml.costs)"
)


def built(manifest: dict[str, Any], *materialized: str) -> set[str]:
    return {
        f"{node['schema']}.{node['alias']}"
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed")
        and node["config"]["materialized"] in materialized
    }


def test_every_node_of_the_first_build_has_its_cost(
    some_flights: Workspace, manifest: dict[str, Any]
) -> None:
    costs = some_flights.query(f"select node, seconds, peak_memory_mb {FIRST_RUN}")
    nodes = [node for node, *_ in costs]
    assert sorted(nodes) == sorted(
        built(manifest, "table", "incremental", "seed", "view")
    )
    assert all(0 < seconds < 600 for _, seconds, _ in costs)
    # An empty process that loaded dbt takes 100 MB, the whole build less than 4 GB.
    assert all(100 < megabytes < 4000 for _, _, megabytes in costs)


def test_rows_are_those_of_the_tables(
    some_flights: Workspace, manifest: dict[str, Any]
) -> None:
    rows = dict(some_flights.query(f"select node, rows {FIRST_RUN}"))
    for of_the_build in ("ml.costs", "monitoring.profile"):
        assert rows.pop(of_the_build) == 0  # counted before the rows of the run
    for node in built(manifest, "view"):
        assert rows.pop(node) is None, node
    assert len(rows) > 50
    with some_flights.lake() as lake:
        for node, counted in rows.items():
            found = lake.execute(f"select count(*) from {node}").fetchone()
            assert found == (counted,), node
