"""What a build cost: a row for each node that it built."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Workspace

FIRST_RUN = (
    "from ml.costs where run_started_at = (select min(run_started_at) from ml.costs)"
)


def nodes_of(workspace: Workspace, *materialized: str) -> list[str]:
    return sorted(
        f"{node['schema']}.{node['alias']}"
        for node in workspace.target("manifest.json")["nodes"].values()
        if node["resource_type"] in ("model", "seed")
        and node["config"]["materialized"] in materialized
    )


def test_every_node_of_the_first_build_has_its_cost(built: Workspace) -> None:
    costs = built.query(f"select node, seconds, peak_memory_mb {FIRST_RUN}")
    nodes = sorted(node for node, *_ in costs)
    assert nodes == nodes_of(built, "table", "incremental", "seed", "view")
    assert all(0 < seconds < 600 for _, seconds, _ in costs)
    # An empty process that loaded dbt takes 100 MB, the whole build less than 4 GB.
    assert all(100 < megabytes < 4000 for _, _, megabytes in costs)


def test_rows_are_those_of_the_tables(built: Workspace) -> None:
    rows = dict(built.query(f"select node, rows {FIRST_RUN}"))
    for of_the_build in ("ml.costs", "monitoring.profile"):
        assert rows.pop(of_the_build) == 0  # counted before the rows of the run
    for node in nodes_of(built, "view"):
        assert rows.pop(node) is None, node
    assert len(rows) > 50
    with built.lake() as lake:
        for node, counted in rows.items():
            found = lake.execute(f"select count(*) from {node}").fetchone()
            assert found == (counted,), node
