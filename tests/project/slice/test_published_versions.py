"""Any published prediction can be explained, and its version made again."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Workspace

PROBLEMS = ["arrival_delay", "arrival_delay_minutes", "cancellation"]


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_prediction_without_stored_reasons_is_explained(
    some_flights: Workspace, problem: str
) -> None:
    """It was made before the days that ml.explanations holds."""
    entity_id, raw_score = some_flights.query(
        "select entity_id, raw_score from ml.scores "
        "semi join ml.predictions using (problem, model_id, entity_id, prediction_at) "
        "anti join ml.explanations using (problem, entity_id, prediction_at) "
        f"where problem = '{problem}' order by prediction_at, entity_id limit 1"
    )[0]
    printed = some_flights.succeed("goldleaf", "explain", problem, entity_id, "--csv")
    contributions = [float(row["contribution"]) for row in rows_of(printed)]
    assert len(contributions) == 7
    assert sum(contributions) == pytest.approx(raw_score, rel=0, abs=1e-9)


@pytest.mark.parametrize("problem", PROBLEMS)
def test_the_reasons_are_those_of_ml_explanations(
    some_flights: Workspace, problem: str
) -> None:
    stored = some_flights.query(
        "select entity_id, feature, value, phrase, contribution from ml.explanations "
        f"where problem = '{problem}' "
        "and entity_id = (select max(entity_id) from ml.explanations) order by rank"
    )
    entity_id = stored[0][0]
    printed = some_flights.succeed("goldleaf", "explain", problem, entity_id, "--csv")
    assert [
        (row["feature"], row["value"] or None, float(row["contribution"]))
        for row in rows_of(printed)
    ] == [
        (feature, value, pytest.approx(contribution, rel=0, abs=1e-9))
        for _, feature, value, _, contribution in stored
    ]
    text = some_flights.succeed("goldleaf", "explain", problem, entity_id)
    for _, _, _, phrase, contribution in stored:
        assert f"  {contribution:+10.4f}  " in text
        if phrase and contribution:
            assert phrase in text.splitlines()[-1]


def test_a_version_is_reproduced_from_its_row(some_flights: Workspace) -> None:
    model_id, sha256 = some_flights.query(
        "select model_id, artifact_sha256 from ml.models "
        "where problem = 'cancellation' order by cutoff_at limit 1"
    )[0]
    printed = some_flights.succeed("goldleaf", "reproduce", model_id)
    assert printed == f"reproduced: {sha256}\n"


def rows_of(printed: str) -> list[dict[str, str]]:
    return list(csv.DictReader(printed.splitlines()))
