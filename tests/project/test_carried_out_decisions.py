"""What a person decides the next build carries out, on a twelfth of the flights.

By the end of July there are two versions of each problem. People decide; then August is
landed and built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from conftest import (
    WITHOUT_TESTS,
    WITHOUT_THE_LAST,
    Workspace,
    copy_of_the_project,
    land_slice,
)

if TYPE_CHECKING:
    from pathlib import Path

    Rows = list[tuple[Any, ...]]

CLOCK = "2013-08-01 04:00:00"
FROM = "2013-08-01 04:00:00.000001"
CUTOFF = "2013-09-01 00:00:00"
PUBLISHED = (
    "select problem, entity_id, prediction_at, model_id, prediction, lower, upper "
    f"from ml.predictions where prediction_at < timestamp '{CLOCK}' order by all"
)


class Decision(NamedTuple):
    """What was said, and the version that it puts in force in place of another."""

    problem: str
    reason: str
    decided: str
    before: str


class Decided(NamedTuple):
    """The lake after the decisions, and what was published before them."""

    workspace: Workspace
    published: Rows
    decisions: list[Decision]


@pytest.fixture(scope="module")
def decided(landed_2013: Path, tmp_path_factory: pytest.TempPathFactory) -> Decided:
    folder = tmp_path_factory.mktemp("carried_out")
    project = copy_of_the_project(folder, "arrival_delay", "cancellation")
    workspace = Workspace(folder, project)
    land_slice(landed_2013, workspace.landing, ("2013-05", "2013-06", "2013-07"))
    workspace.build(*WITHOUT_THE_LAST, *WITHOUT_TESTS)
    published = workspace.query(PUBLISHED)
    decisions = []
    for problem, action in (("arrival_delay", "rollback"), ("cancellation", "promote")):
        (first,), (second,) = workspace.query(
            f"select model_id from ml.models where problem = '{problem}' "
            "order by cutoff_at"
        )
        in_force = workspace.value(
            f"select model_id from ml.champions where problem = '{problem}' "
            "and to_at is null"
        )
        other = first if in_force == second else second
        workspace.succeed(
            "goldleaf", action, problem if action == "rollback" else other,
            "--why", f"why {problem}", "--who", "ada",
        )  # fmt: skip
        reason = f"{action} by ada: why {problem}"
        decisions.append(Decision(problem, reason, other, in_force))
    land_slice(landed_2013, workspace.landing, ("2013-08",))
    workspace.build(*WITHOUT_THE_LAST)
    return Decided(workspace, published, decisions)


def test_the_champions_show_who_decided_and_why(decided: Decided) -> None:
    for problem, reason, version, before in decided.decisions:
        assert decided.workspace.query(
            "select challenger_id, incumbent_id, champion_id, decided_by, reason, "
            "decided_at::varchar from ml.promotions "
            f"where problem = '{problem}' and decided_by is not null"
        ) == [(version, before, version, "ada", reason, FROM)]
        assert decided.workspace.query(
            "select model_id, reason from ml.champions "
            f"where problem = '{problem}' and from_at = timestamp '{FROM}'"
        ) == [(version, reason)]
        assert decided.workspace.query(
            "select model_id from ml.champions "
            f"where problem = '{problem}' and to_at = timestamp '{FROM}'"
        ) == [(before,)]


def test_what_was_published_stays(decided: Decided) -> None:
    assert len(decided.published) > 3_000
    assert decided.workspace.query(PUBLISHED) == decided.published


def test_what_comes_after_is_predicted_by_the_version_decided_on(
    decided: Decided,
) -> None:
    for problem, _, version, before in decided.decisions:
        by_version = dict(
            decided.workspace.query(
                f"select model_id, count(*) from ml.predictions "
                f"where problem = '{problem}' and prediction_at >= timestamp '{CLOCK}' "
                f"and prediction_at < timestamp '{CUTOFF}' group by all"
            )
        )
        assert list(by_version) == [version]
        assert by_version[version] > 1_000
        assert any((row[0], row[3]) == (problem, before) for row in decided.published)


def test_the_next_version_is_judged_against_the_one_decided_on(
    decided: Decided,
) -> None:
    for problem, _, version, _ in decided.decisions:
        assert decided.workspace.query(
            "select distinct incumbent_id from ml.gates "
            f"where problem = '{problem}' and cutoff_at = timestamp '{CUTOFF}'"
        ) == [(version,)]
