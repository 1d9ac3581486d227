"""The command `tune`, on a lake with the few tables that it reads."""

from __future__ import annotations

import json
import math
import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner, Result

from python_ml import tuning
from python_ml.declaration import read_parameters
from python_ml.edge import tune as edge
from python_ml.edge.command_line import main
from python_ml.edge.lake import LakeError, attach_lake, connect, open_lake
from python_ml.edge.plugin import DECLARATION_TYPE, read_declaration
from python_ml.edge.tune_command import Duration

if TYPE_CHECKING:
    from collections.abc import Callable

TRIALS = Path(__file__).parents[2] / "models" / "ml" / "trials.sql"
DECLARATION = {
    "name": "storm",
    "task": "binary",
    "label": "1 if there is a storm",
    "prediction_time": "every six hours",
    "label_known": "six hours later",
    "entity": ["buoy"],
    "first_cutoff": "2013-07-01",
    "tune_before": "2013-11-01",
    "categorical": ["sea"],
    "parameters": {"max_iterations": 4, "min_data_in_leaf": 20, "num_leaves": 7},
}
DECLARE = """
use lake;
create or replace table ml.problems as
select * rename (name as problem) from (select unnest(read_declaration($1)))
"""
BUILD = """
create table gold.clock as select timestamp '2014-01-01 05:00' as clock_at;
create table ml.storm_dataset as
select
    'B1' as buoy,
    prediction_at,
    cast(null as integer) as label,
    cast(null as timestamp) as label_known_at,
    ['north', 'south'][1 + n % 2] as sea,
    (hash(n) % 1000) / 1000 as wind
from (
    select n, timestamp '2013-04-01' + n * interval 6 hours as prediction_at
    from range(1000) as numbers (n)
);
create table ml.storm_labels as
select
    buoy,
    prediction_at,
    cast(wind + (hash(prediction_at) % 1000) / 1000 > 1.2 as integer) as label,
    prediction_at + interval 6 hours as label_known_at
from ml.storm_dataset
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake that no test changes."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "data").mkdir()
    trials = TRIALS.read_text().split("}}")[1]
    with connect() as connection:
        connection.execute(
            f"attach 'ducklake:{folder}/catalog.ducklake' as lake "
            f"(data_path '{folder}/data/'); use lake;"
            f"create schema gold; create schema ml; create table ml.trials as {trials};"
            f"{BUILD}"
        )
    declare(folder)
    return folder


@pytest.fixture
def lake(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the lake, as the one that commands use."""
    monkeypatch.setenv("GOLDLEAF_LAKE", str(tmp_path / "lake"))
    return shutil.copytree(built, tmp_path / "lake")


@pytest.fixture(scope="module")
def first_trials(
    built: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[dict[str, Any]]:
    """Return what the first two trials are while nobody changes anything."""
    folder = shutil.copytree(built, tmp_path_factory.mktemp("tuned") / "lake")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("GOLDLEAF_LAKE", str(folder))
        tune(2)
    return kept(folder)


def declare(folder: Path, **changes: object) -> None:
    declaration = json.dumps({**DECLARATION, **changes})
    with connect() as connection:
        attach_lake(connection, folder, "lake", "read_write")
        connection.create_function(
            "read_declaration", read_declaration, ["VARCHAR"], DECLARATION_TYPE
        )
        connection.execute(DECLARE, [declaration])


def change(folder: Path, statement: str) -> None:
    with connect() as connection:
        attach_lake(connection, folder, "lake", "read_write")
        connection.execute(f"use lake; {statement}")


def kept(folder: Path) -> list[dict[str, Any]]:
    """Return the rows of ml.trials without what no two runs share."""
    with open_lake(folder) as connection:
        trials = connection.sql("from ml.trials order by problem, study, trial")
        rows: list[dict[str, Any]] = trials.to_arrow_table().to_pylist()
    assert all(row.pop("seconds") > 0 for row in rows)
    return rows


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ("tune", *arguments))


def tune(number: int) -> Result:
    result = run("storm", "--budget", "1h", "--trials", str(number))
    assert result.exit_code == 0, result.stderr
    return result


def refusal(problem: str = "storm") -> str:
    result = run(problem, "--budget", "1h", "--trials", "1")
    assert result.exit_code == 1
    return result.stderr


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("10m", 600), ("2h", 7200), ("1s", 1)]
)
def test_a_budget_is_a_duration(text: str, seconds: int) -> None:
    assert Duration().convert(text, None, None) == seconds


@pytest.mark.parametrize("text", ["10", "0m", "-5m", "1.5h", "10 m", "m", "10M", "٣m"])
def test_a_budget_that_is_no_duration_is_refused(text: str) -> None:
    result = run("storm", f"--budget={text}")
    assert result.exit_code == 2
    assert f"{text!r} is no duration: expected" in result.stderr
    assert "90s, 10m or 2h" in result.stderr


def test_every_trial_is_a_row_and_the_first_is_as_declared(lake: Path) -> None:
    tune(3)
    rows = kept(lake)
    assert [row["trial"] for row in rows] == [1, 2, 3]
    assert len({row["study"] for row in rows}) == 1
    declared = json.loads(rows[0]["parameters"])
    assert declared["num_leaves"] == 7
    assert "lambda_l2" not in declared
    for row in rows:
        assert (row["problem"], row["metric"]) == ("storm", "log_loss")
        assert row["state"] == "complete"
        assert row["fold_cutoffs"] == [datetime(2013, m, 1) for m in (7, 8, 9, 10)]
        assert len(set(row["fold_values"])) == 4
        assert math.isclose(row["value"], sum(row["fold_values"]) / 4)


def test_the_result_is_ready_to_be_declared(lake: Path) -> None:
    result = tune(3)
    rows = kept(lake)
    best = min(rows, key=lambda row: row["value"])
    found = yaml.safe_load(result.stdout)["parameters"]
    assert read_parameters(found) == json.loads(best["parameters"])
    assert f"log_loss {best['value']:.6f} over 4 folds before 2013-11-01" in (
        result.stdout
    )
    assert f"(declared: {rows[0]['value']:.6f}), trial {best['trial']} of 3" in (
        result.stdout
    )
    assert "nothing known at or after 2013-11-01 is read" in result.stderr
    assert f"trial 1: {rows[0]['value']:.6f}, best " in result.stderr
    assert result.stderr.count(" s left\n") == 3


def test_the_same_lake_gives_the_same_trials(
    lake: Path, first_trials: list[dict[str, Any]]
) -> None:
    tune(3)
    assert kept(lake)[:2] == first_trials


OCTOBER = "timestamp '2013-10-31 18:00'"


@pytest.mark.parametrize(
    ("future", "is_seen"),
    [
        ("update ml.storm_labels set label = 1 - label where label_known_at >= {}", 0),
        ("update ml.storm_dataset set wind = 9 where prediction_at >= {}", 0),
        ("delete from ml.storm_labels where label_known_at >= {}", 0),
        ("delete from ml.storm_dataset where prediction_at >= {}", 0),
        (
            "insert into ml.storm_labels by name select buoy, prediction_at,"
            " 1 - label as label, {} as label_known_at from ml.storm_labels",
            0,
        ),
        ("update ml.storm_labels set label = 1 - label where label_known_at = {}", 1),
        ("update ml.storm_dataset set wind = 9 where prediction_at = {}", 2),
    ],
)
def test_nothing_of_the_reporting_period_is_read(
    lake: Path, first_trials: list[dict[str, Any]], future: str, is_seen: int
) -> None:
    """The last two changes lie just before it, and are seen: the test can fail."""
    instant = {
        0: "timestamp '2013-11-01'",
        1: OCTOBER,
        2: f"{OCTOBER} - interval 6 hours",
    }[is_seen]
    change(lake, future.format(instant))
    tune(2)
    assert (kept(lake) == first_trials) is not bool(is_seen)


def test_a_label_known_too_late_for_its_fold_is_no_label(lake: Path) -> None:
    """The label of 31 October 18:00 becomes known in the very first instant after."""
    study = edge.read_study(lake, "storm")
    last = study.folds[-1].measured["prediction_at"]
    assert last[-1].as_py() == datetime(2013, 10, 31, 12)
    earlier = study.folds[-2].measured["prediction_at"]
    assert earlier[-1].as_py() == datetime(2013, 9, 30, 18)
    assert earlier[0].as_py() == datetime(2013, 9, 1)


def test_the_clock_of_the_lake_bounds_the_folds(lake: Path) -> None:
    change(lake, "update gold.clock set clock_at = timestamp '2013-09-01 04:00'")
    study = edge.read_study(lake, "storm")
    assert [fold.cutoff.month for fold in study.folds] == [7, 8]


def test_a_search_goes_on_where_it_ended(lake: Path) -> None:
    tune(2)
    assert "2 trials so far" in tune(2).stderr
    rows = kept(lake)
    assert [row["trial"] for row in rows] == [1, 2, 3, 4]
    assert len({row["study"] for row in rows}) == 1
    assert len({row["parameters"] for row in rows}) == 4


@pytest.mark.parametrize(
    ("declared", "studies"),
    [
        ({"parameters": {**DECLARATION["parameters"], "num_leaves": 8}}, 1),  # type: ignore[dict-item]
        ({"label": "stormy", "gates": {"calibrated": 0.5}}, 1),
        ({"parameters": {**DECLARATION["parameters"], "max_iterations": 5}}, 2),  # type: ignore[dict-item]
        ({"metric": "brier"}, 2),
        ({"seed": 1}, 2),
        ({"tune_before": "2013-10-01"}, 2),
    ],
)
def test_trials_that_cannot_be_compared_are_another_study(
    lake: Path, declared: dict[str, Any], studies: int
) -> None:
    tune(1)
    declare(lake, **declared)
    tune(1)
    assert len({row["study"] for row in kept(lake)}) == studies


def test_new_parameters_are_tried_though_the_study_is_not_new(lake: Path) -> None:
    tune(2)
    found = json.loads(kept(lake)[1]["parameters"])
    declare(lake, parameters={**found, "num_leaves": 5})
    tune(1)
    assert json.loads(kept(lake)[2]["parameters"]) == {**found, "num_leaves": 5}
    declare(lake, parameters=found)
    result = tune(1)
    assert len({row["parameters"] for row in kept(lake)}) == 4
    assert f"(declared: {kept(lake)[1]['value']:.6f})" in result.stdout


def interrupted_at(call: int) -> Callable[..., Any]:
    train, calls = tuning.train_version, iter(range(1, 1000))

    def train_version(*arguments: Any) -> Any:
        if next(calls) == call:
            raise KeyboardInterrupt
        return train(*arguments)

    return train_version


def test_a_kill_loses_the_running_trial_only(
    lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(tuning, "train_version", interrupted_at(4 + 4 + 3))
        result = tune(9)
    assert "parameters:" in result.stdout
    assert [row["trial"] for row in kept(lake)] == [1, 2]
    tune(1)
    assert [row["trial"] for row in kept(lake)] == [1, 2, 3]


def test_ended_before_the_first_trial_nothing_is_found(
    lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "train_version", interrupted_at(2))
    assert tune(1).stdout == "No trial has ended yet: give it more time.\n"
    assert kept(lake) == []


def test_no_trial_begins_when_the_time_is_over(lake: Path) -> None:
    study = edge.read_study(lake, "storm")
    seconds_left = []
    progress = edge.tune(
        lake, study, 0, None, lambda now: seconds_left.append(now.seconds_left)
    )
    assert len(progress.trials) == 1
    assert seconds_left == [0]


def busy(times: int) -> Callable[..., None]:
    calls = iter(range(times))

    def attach(*arguments: Any) -> None:
        if next(calls, None) is not None:
            raise LakeError("The lake is in use by another process")
        attach_lake(*arguments)

    return attach


def test_a_row_waits_while_another_process_uses_the_lake(
    lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "attach_lake", busy(2))
    tune(3)
    assert [row["trial"] for row in kept(lake)] == [1, 2, 3]


def test_rows_that_cannot_be_kept_are_an_error(
    lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "attach_lake", busy(2))
    assert "The lake is in use by another process" in refusal()
    assert kept(lake) == []


def test_an_unknown_problem_is_refused(lake: Path) -> None:
    assert lake.exists()
    assert "no problem 'rain' in ml.problems: there are storm." in refusal("rain")


def test_a_problem_without_a_reporting_period_is_refused(lake: Path) -> None:
    declare(lake, tune_before=None)
    assert "storm declares no tune_before" in refusal()


def test_a_problem_without_a_fold_is_refused(lake: Path) -> None:
    declare(lake, tune_before="2013-07-31")
    assert "storm has no fold" in refusal()
    assert "tune_before (2013-07-31)" in refusal()


def test_a_fold_that_cannot_be_trained_is_named(lake: Path) -> None:
    change(lake, "delete from ml.storm_dataset where prediction_at < '2013-06-10'")
    assert "storm: the fold of 2013-07-01 trains no version, the fit" in refusal()


def test_a_fold_without_examples_to_measure_is_named(lake: Path) -> None:
    change(
        lake,
        "delete from ml.storm_dataset"
        " where prediction_at >= '2013-09-01' and prediction_at < '2013-10-01'",
    )
    assert "storm: the fold of 2013-09-01 has no labelled example" in refusal()


@pytest.mark.parametrize("table", ["problems", "storm_labels", "trials"])
def test_a_lake_that_lacks_a_table_is_refused(lake: Path, table: str) -> None:
    change(lake, f"drop table ml.{table}")
    assert "lacks a table that tuning needs: run `dbt build`" in refusal()
    assert table in refusal()
