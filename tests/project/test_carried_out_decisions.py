"""What a person decides the next build carries out, on a twelfth of the flights.

By the end of July there are two versions. People decide, twice; then August is landed
and built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from conftest import WITHOUT_TESTS, WITHOUT_THE_LAST, Workspace, land_slice

if TYPE_CHECKING:
    from pathlib import Path

    Rows = list[tuple[Any, ...]]

CLOCK = "2013-08-01 04:00:00"
LATER = "2013-08-10 06:00:00"
AT_ONCE = ".000001"  # a decision counts from the instant after it
CUTOFF = "2013-09-01 00:00:00"
PUBLISHED = (
    "select problem, entity_id, prediction_at, model_id, prediction, lower, upper "
    f"from ml.predictions where prediction_at < timestamp '{CLOCK}' order by all"
)


class Decision(NamedTuple):
    """What was said, and which version it puts in force, from when until when."""

    reason: str
    decided: str
    before: str
    from_at: str
    to_at: str


class Decided(NamedTuple):
    """The lake after the decisions, and what was published before them."""

    workspace: Workspace
    published: Rows
    decisions: list[Decision]


@pytest.fixture(scope="module")
def decided(
    landed_2013: Path, late_arrivals: Path, tmp_path_factory: pytest.TempPathFactory
) -> Decided:
    workspace = Workspace(tmp_path_factory.mktemp("carried_out"), late_arrivals)
    land_slice(landed_2013, workspace.landing, ("2013-05", "2013-06", "2013-07"))
    workspace.build(*WITHOUT_THE_LAST, *WITHOUT_TESTS)
    published = workspace.query(PUBLISHED)
    versions = {
        model_id for (model_id,) in workspace.query("select model_id from ml.models")
    }
    present = workspace.value("select model_id from ml.champions where to_at is null")
    (earlier,) = versions - {present}
    who = ("--who", "ada")
    workspace.succeed("goldleaf", "rollback", "arrival_delay", *who, "--why", "drift")
    workspace.succeed(
        "goldleaf", "promote", present, *who, "--why", "a storm", "--at", LATER
    )
    land_slice(landed_2013, workspace.landing, ("2013-08",))
    workspace.build(*WITHOUT_THE_LAST)
    rolled_back, promoted = CLOCK + AT_ONCE, LATER + AT_ONCE
    decisions = [
        Decision("rollback by ada: drift", earlier, present, rolled_back, promoted),
        Decision("promote by ada: a storm", present, earlier, promoted, CUTOFF),
    ]
    return Decided(workspace, published, decisions)


def test_the_champions_show_who_decided_and_why(decided: Decided) -> None:
    assert decided.workspace.query(
        "select challenger_id, incumbent_id, champion_id, decided_by, reason, "
        "decided_at::varchar from ml.promotions where decided_by is not null "
        "order by decided_at"
    ) == [
        (it.decided, it.before, it.decided, "ada", it.reason, it.from_at)
        for it in decided.decisions
    ]
    for decision in decided.decisions:
        at = f"timestamp '{decision.from_at}'"
        assert decided.workspace.query(
            f"select model_id, reason from ml.champions where from_at = {at}"
        ) == [(decision.decided, decision.reason)]
        assert decided.workspace.query(
            f"select model_id from ml.champions where to_at = {at}"
        ) == [(decision.before,)]


def test_what_was_published_stays(decided: Decided) -> None:
    assert len(decided.published) > 1_500
    assert decided.workspace.query(PUBLISHED) == decided.published
    assert {row[3] for row in decided.published} >= {decided.decisions[0].before}


def test_what_comes_after_is_predicted_by_the_version_decided_on(
    decided: Decided,
) -> None:
    for decision in decided.decisions:
        by_version = dict(
            decided.workspace.query(
                "select model_id, count(*) from ml.predictions "
                f"where prediction_at >= timestamp '{decision.from_at}' "
                f"and prediction_at < timestamp '{decision.to_at}' group by all"
            )
        )
        assert list(by_version) == [decision.decided]
        assert by_version[decision.decided] > 500


def test_the_next_version_is_judged_against_the_one_decided_on(
    decided: Decided,
) -> None:
    assert decided.workspace.query(
        "select distinct incumbent_id from ml.gates "
        f"where cutoff_at = timestamp '{CUTOFF}'"
    ) == [(decided.decisions[-1].decided,)]
