"""A declaration that reweighs a group, on some of the flights: before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import Workspace, copy_of_the_project, land_slice

if TYPE_CHECKING:
    from pathlib import Path

GROUPS = "    groups: [origin, carrier]\n"
CUTOFFS = ["2013-07-01", "2013-08-01"]
BEFORE_AND_AFTER = """
select cutoff_at::date::text, reweigh, value, ci_low, ci_high
from monitoring.fairness
where split = 'gate' and group_column = 'origin' and segment = '(gap)' and metric = '{}'
order by cutoff_at, reweigh nulls first
"""


@pytest.fixture(scope="module")
def reweighed(landed_2013: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("reweighed")
    project = copy_of_the_project(folder, "arrival_delay")
    declared = project / "models" / "ml" / "arrival_delay" / "_arrival_delay.yml"
    assert declared.read_text().count(GROUPS) == 1
    declared.write_text(
        declared.read_text().replace(GROUPS, GROUPS + "    reweigh: origin\n")
    )
    workspace = Workspace(folder, project)
    land_slice(landed_2013, workspace.landing, ("2013-05", "2013-06", "2013-07"))
    workspace.build_only("+fairness", "+champions", "+gates")
    return workspace


@pytest.mark.parametrize(
    "metric", ["selection_rate", "true_positive_rate", "false_positive_rate"]
)
def test_each_cutoff_has_its_gap_before_and_after(
    reweighed: Workspace, metric: str
) -> None:
    rows = reweighed.query(BEFORE_AND_AFTER.format(metric))
    expected = [(cutoff, group) for cutoff in CUTOFFS for group in (None, "origin")]
    assert [row[:2] for row in rows] == expected
    for before, after in (rows[:2], rows[2:]):
        assert before[2] != after[2]
    assert all(0 <= low <= high <= 1 for *_, low, high in rows)


def test_the_weights_are_all_that_differs(reweighed: Workspace) -> None:
    versions = reweighed.query(
        "select cutoff_at, attempt, available_at, trained_rows, feature_names, "
        'code_sha256, replace(declaration, \'"origin", "seed"\', \'null, "seed"\'), '
        "artifact_sha256 from ml.models order by 1, 2"
    )
    assert [row[1] for row in versions] == [1, 2, 1, 2]
    for before, after in (versions[:2], versions[2:]):
        assert before[2] == after[2] == before[0]  # both available at the cut-off
        assert before[3:-1] == after[3:-1]
        assert before[-1] != after[-1]


def test_the_gates_compare_the_two_and_one_is_in_force(reweighed: Workspace) -> None:
    judged = reweighed.query(
        "select challengers.cutoff_at::date::text, incumbents.attempt, figure is null "
        "from ml.gates "
        "inner join ml.models as challengers using (model_id) "
        "left join ml.models as incumbents on incumbent_id = incumbents.model_id "
        "where check_name = 'not_worse_than_champion' and challengers.attempt = 2 "
        "and incumbents.cutoff_at = challengers.cutoff_at order by 1"
    )
    assert (CUTOFFS[0], 1, False) in judged
    periods = reweighed.query("select from_at, to_at from ml.champions order by 1")
    assert len(periods) == len({begin for begin, _ in periods})
    assert all(begin < end for begin, end in periods[:-1])
    assert periods[-1][1] is None


def test_a_reweighed_version_is_reproduced(reweighed: Workspace) -> None:
    ((model_id, sha256),) = reweighed.query(
        "select model_id, artifact_sha256 from ml.models "
        f"where cutoff_at = '{CUTOFFS[0]}' and attempt = 2"
    )
    printed = reweighed.succeed("goldleaf", "reproduce", model_id)
    assert printed == f"reproduced: {sha256}\n"
