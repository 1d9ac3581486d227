"""The command `explain`, on a lake with two small problems."""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from fake_lake import execute
from trained_lake import make_trained_lake

from python_ml.edge.command_line import main
from python_ml.edge.lake import open_lake

if TYPE_CHECKING:
    from pathlib import Path

LATEST = "2013-06-28 11:00:00"  # UA|3, which was also published eight days before


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    make_trained_lake(folder)
    return folder


@pytest.fixture(autouse=True)
def lake(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = shutil.copytree(trained, tmp_path / "lake")
    monkeypatch.setenv("GOLDLEAF_LAKE", str(folder))
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ("explain", *arguments))


def printed(*arguments: str) -> list[str]:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def refusal(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 1
    assert result.stdout == ""
    return " ".join(result.stderr.split())


def one_row(folder: Path, query: str) -> tuple[object, ...]:
    with open_lake(folder) as lake:
        (row,) = lake.execute(query).fetchall()
    return tuple(row)


def test_a_probability_its_outcome_and_its_version_are_said(lake: Path) -> None:
    model_id, chance = one_row(
        lake,
        "select model_id, round(100 * prediction, 1) from ml.predictions "
        f"where problem = 'delay' and prediction_at = '{LATEST}'",
    )
    assert printed("delay", "UA|3")[:5] == [
        "delay: UA|3",
        f"  predicted  {chance} %: 1 if it is late",
        f"  when       {LATEST} UTC, two hours before departure",
        f"  by         {model_id}",
        "  happened   1, known at 2013-06-28 15:00:00 UTC",
    ]


def test_a_number_has_its_interval(lake: Path) -> None:
    figures = one_row(
        lake,
        "select round(prediction, 1), round(lower, 1), round(upper, 1) "
        "from ml.predictions "
        f"where problem = 'delay_minutes' and prediction_at = '{LATEST}'",
    )
    said = printed("delay_minutes", "UA|3")
    assert said[1] == (
        "  predicted  {} (80 % interval: {} to {}): delay in minutes".format(*figures)
    )
    assert said[-1].startswith("Later: ")


def test_reasons_are_phrases_with_their_direction() -> None:
    """The seats are those of every flight, and so contribute nothing."""
    said = printed("delay", "UA|3")
    assert said[6] == (
        "Contributions to the raw score (log-odds before calibration), largest first:"
    )
    rows = [(float(line[:12]), line[12:].strip()) for line in said[7:14]]
    named, (base, all_other, raw_score) = rows[:4], rows[4:]
    sizes = [abs(contribution) for contribution, _ in named]
    assert sizes == sorted(sizes, reverse=True)
    for contribution, words in named[:3]:
        assert words.startswith("raises" if contribution > 0 else "lowers")
    phrases = {
        "2 departures from LGA, 2 minutes early on average",
        "departures 3h: 2",
        "the origin is LGA",
    }
    assert {words[len("raises the risk  ") :] for _, words in named[:3]} == phrases
    assert named[3] == (0, "seats: 100")
    assert (base[1], all_other) == ("(base)", (0, "(all other)"))
    total = sum(contribution for contribution, _ in rows[:6])
    assert raw_score == (pytest.approx(total, abs=5e-4), "(raw score)")
    assert said[14] == ""
    assert all(phrase in said[15] for phrase in phrases)
    assert len(said) == 16


def test_an_absent_value_says_something_of_its_own(lake: Path) -> None:
    (entity_id,) = one_row(
        lake,
        "select carrier || '|' || flight_number from ml.delay_dataset "
        "where departures_3h = 0 and prediction_at >= '2013-06-28' limit 1",
    )
    said = "\n".join(printed("delay", str(entity_id)))
    assert "no departures from " in said


def test_an_instant_chooses_among_several_predictions() -> None:
    earlier = "2013-06-20 03:00:00"
    assert LATEST in printed("delay", "UA|3")[2]
    assert earlier in printed("delay", "UA|3", earlier)[2]
    said = refusal("delay", "UA|3", "2013-06-21")
    assert "nothing about 'UA|3' at 2013-06-21 00:00:00 UTC" in said
    assert f"but at {earlier}, {LATEST}." in said


def test_as_csv_it_is_what_ml_explanations_would_hold(lake: Path) -> None:
    rows = list(csv.DictReader(printed("delay", "UA|3", "--csv")))
    assert [row["rank"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    assert [row["feature"] for row in rows[3:]] == ["seats", "(base)", "(all other)"]
    (raw_score,) = one_row(
        lake, f"select raw_score from ml.delay_scores where prediction_at = '{LATEST}'"
    )
    total = sum(float(row["contribution"]) for row in rows)
    assert total == pytest.approx(raw_score, abs=1e-9)


def test_an_open_outcome_is_not_made_up(lake: Path) -> None:
    execute(lake, "update ml.delay_predictions set label = null")
    assert printed("delay", "UA|3")[4] == (
        "  happened   not known; it is known when the flight lands"
    )


def test_an_unknown_problem_is_refused_with_those_there_are() -> None:
    said = refusal("delays", "UA|3")
    assert "no problem 'delays': ml.problems has delay, delay_minutes." in said


def test_an_unknown_entity_is_told_how_one_looks(lake: Path) -> None:
    said = refusal("delay", "UA 1' or true")
    assert "delay published nothing about 'UA 1' or true'" in said
    assert "from 2013-06-17 00:00:00 to 2013-07-02 11:00:00 UTC" in said
    assert "an entity_id is carrier|flight_number, such as 'UA|99'." in said
    execute(lake, "delete from ml.delay_predictions")
    assert "has published nothing yet" in refusal("delay", "UA|3")


def test_a_tampered_artifact_is_refused_by_its_hash(lake: Path) -> None:
    execute(
        lake, "update ml.delay_models set artifact = replace(artifact, 'tree', 'thee')"
    )
    said = refusal("delay", "UA|3")
    assert said.startswith("Error: delay-2013-07-01-")
    assert "the artifact's hash is" in said
    assert "it was changed after it was trained" in said


def test_reasons_of_another_score_are_refused(lake: Path) -> None:
    execute(lake, "update ml.delay_dataset set delay_minutes_3h = 25")
    said = refusal("delay", "UA|3")
    assert "features have changed since it was scored: its raw score was" in said
    assert "from what ml.delay_dataset has now" in said


def test_an_example_or_feature_that_is_gone_is_named(lake: Path) -> None:
    execute(lake, f"delete from ml.delay_dataset where prediction_at = '{LATEST}'")
    said = refusal("delay", "UA|3")
    assert f"ml.delay_dataset no longer has 'UA|3' at {LATEST} UTC" in said
    execute(lake, "alter table ml.delay_dataset drop column seats")
    assert "reads seats, which ml.delay_dataset no longer has" in refusal(
        "delay", "UA|3"
    )


def test_an_empty_lake_is_told_apart(lake: Path) -> None:
    execute(lake, "drop view ml.predictions")
    assert "Nothing is built in this lake yet" in refusal("delay", "UA|3")
