"""The parts of the benchmarks beside the contenders: scoring, FLAML, the command."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from sklearn.metrics import log_loss
from test_training import (
    CALIBRATION,
    CHECK_FROM,
    FEATURES,
    FIT,
    PROBLEM,
    THREADS,
    train,
)
from trained_lake import make_trained_lake

from benchmarks import automl, scoring, tables
from benchmarks.__main__ import main
from benchmarks.automl import goldleaf as our_fit
from benchmarks.automl.metrics import metrics
from benchmarks.measure import Contender
from benchmarks.scoring import goldleaf as in_batches
from benchmarks.scoring import pandas_at_once
from benchmarks.scoring.inputs import write_inputs
from benchmarks.scoring.same_scores import same_scores
from python_ml.scoring import Scorer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import ModuleType

ROWS = 4000


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rows to score, from a lake with 1,500 examples: more than two copies."""
    folder = tmp_path_factory.mktemp("scoring")
    make_trained_lake(folder / "lake")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOLDLEAF_LAKE", str(folder / "lake"))
        said = write_inputs(folder, [ROWS, 100], "delay")
    assert said.startswith("delay-2013-07-01-")
    assert said.endswith(" 8 trees")
    return folder


def test_the_dataset_is_repeated_as_often_as_it_takes(inputs: Path) -> None:
    examples, fewer = (
        duckdb.read_parquet(f"{inputs}/{rows}/examples.parquet").order("example_number")
        for rows in (ROWS, 100)
    )
    assert examples.project("example_number").fetchall() == [
        (number,) for number in range(1, ROWS + 1)
    ]
    rows = examples.project("* exclude (example_number)").fetchall()
    assert rows[:1500] == rows[1500:3000]
    assert rows[:1000] == rows[3000:]
    assert len(set(rows)) == 1500
    assert fewer.fetchall() == examples.limit(100).fetchall()


def test_scoring_in_batches_gives_the_scores_of_all_at_once(inputs: Path) -> None:
    batches, at_once = (str(inputs / f"{name}.parquet") for name in ("one", "other"))
    in_batches.run(inputs / str(ROWS))(inputs / "one.parquet")
    examples = pq.read_table(inputs / "100/examples.parquet")
    minutes = examples["delay_minutes_3h"].cast("double")  # pandas has no decimals
    place = examples.column_names.index("delay_minutes_3h")
    as_doubles = examples.set_column(place, "delay_minutes_3h", minutes)
    pq.write_table(as_doubles, inputs / "100/examples.parquet")
    pandas_at_once.run(inputs / "100")(inputs / "other.parquet")
    assert same_scores(at_once, batches, ROWS)
    assert duckdb.read_parquet(at_once).aggregate("count(*)").fetchall() == [(100,)]


@pytest.mark.parametrize(
    "change",
    [
        "where example_number <> 8",
        "union all from scores where example_number = 8",
        "select * replace (example_number % 9 + example_number // 9 as example_number)",
        "select * replace (if(example_number = 7, raw_score + 1e-15, raw_score)"
        " as raw_score)",
        "select * replace (if(example_number = 7, null, prediction) as prediction)",
    ],
)
def test_a_score_that_is_lost_repeated_or_changed_is_seen(
    change: str, tmp_path: Path
) -> None:
    every, found, first = (
        str(tmp_path / f"{name}.parquet") for name in ("every", "found", "first")
    )
    duckdb.sql(
        "create or replace temp table scores as select i as example_number, "
        "i / 7 as raw_score, i / 9 as prediction from range(1, 10) as numbers (i)"
    )
    duckdb.table("scores").write_parquet(every)
    duckdb.table("scores").filter("example_number < 8").write_parquet(first)
    duckdb.sql(f"from scores {change}").write_parquet(found)
    assert same_scores(first, every, 9)
    assert not same_scores(first, found, 9)
    assert not same_scores(every, first, 7)


@pytest.fixture
def cutoff(tmp_path: Path) -> Path:
    """The inputs of a cut-off; the month after it is a piece of the calibration."""
    tables = {"fit": FIT, "calibration": CALIBRATION, "live": CALIBRATION.slice(0, 99)}
    for name, table in tables.items():
        pq.write_table(table, tmp_path / f"{name}.parquet")
    declared = {
        "declaration": PROBLEM.to_json(),
        "features": FEATURES,
        "calibrator_check_from": str(CHECK_FROM),
    }
    (tmp_path / "problem.json").write_text(json.dumps(declared))
    return tmp_path


def result_of(contender: ModuleType, cutoff: Path) -> pa.Table:
    contender.run(cutoff)(cutoff / "result.parquet")
    return pq.read_table(cutoff / "result.parquet")


def test_our_version_is_trained_as_the_project_does(cutoff: Path) -> None:
    result = result_of(our_fit, cutoff)
    version = train()
    live = CALIBRATION.slice(0, 99)
    prediction = Scorer(version.artifact, THREADS).prediction(live)
    assert result["prediction"].to_numpy().tobytes() == prediction.tobytes()
    assert result["label"].equals(live["label"])
    said = json.loads((cutoff / automl.FIT.format(module="goldleaf")).read_text())
    assert said["found"] == f"{version.iterations} trees"
    assert said["seconds"] > 0


@pytest.mark.filterwarnings("ignore")
def test_flaml_has_the_same_rows_and_its_multiple_of_our_time(
    cutoff: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flaml = pytest.importorskip("flaml")
    from benchmarks.automl import flaml_automl

    given: dict[str, Any] = {}

    class Watched(flaml.AutoML):
        def fit(self, **settings: Any) -> None:
            given.update(settings)
            super().fit(**settings, keep_search_state=True)
            given["validated"] = self._state.X_val

    monkeypatch.setattr(flaml_automl, "AutoML", Watched)
    ours = cutoff / automl.FIT.format(module="goldleaf")
    ours.write_text(json.dumps({"seconds": 0.1}))
    result = result_of(flaml_automl, cutoff)
    assert given["time_budget"] == pytest.approx(20 * 0.1)
    assert list(given["X_train"]) == list(FEATURES)
    labels = [*FIT["label"].to_pylist(), *CALIBRATION["label"].to_pylist()]
    assert given["y_train"].tolist() == labels
    assert given["validated"]["carrier"].tolist() == CALIBRATION["carrier"].to_pylist()
    label, prediction = (result[name].to_numpy() for name in ("label", "prediction"))
    assert label.tolist() == CALIBRATION["label"].to_pylist()[:99]
    assert prediction[label].mean() > prediction[~label].mean()


def test_figures_of_results_together_are_those_of_their_rows(tmp_path: Path) -> None:
    double, single = pa.float64(), pa.float32()
    parts = {"a": ([0.9, 0.8], double), "b": ([0.75, 0.125], single)}
    for name, (prediction, kind) in parts.items():
        table = {"label": [1, 0], "prediction": pa.array(prediction, kind)}
        pq.write_table(pa.table(table), tmp_path / name)
    auc, precision, loss = metrics([str(tmp_path / name) for name in parts])
    assert auc == 3 / 4  # of four pairs one is in the wrong order
    assert precision == pytest.approx((1 + 2 / 3) / 2)
    assert loss == pytest.approx(-math.log(0.9 * 0.2 * 0.75 * 0.875) / 4)
    assert loss == pytest.approx(log_loss([1, 0, 1, 0], [0.9, 0.8, 0.75, 0.125]))


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the command measures; the scores come out different."""
    parts: list[str] = []

    def compare(_inputs: str, chosen: Sequence[tables.Table]) -> bool:
        parts.extend(f"{title}, {size}" for title, size, _ in chosen)
        return True

    monkeypatch.setattr(tables, "compare", compare)
    monkeypatch.setattr(scoring, "compare", lambda: bool(parts.append("scoring")))
    monkeypatch.setattr(automl, "compare", lambda: parts.append("flaml") or True)
    return parts


def test_one_part_can_be_measured_alone(measured: list[str]) -> None:
    assert CliRunner().invoke(main, ["windows"]).exit_code == 0
    assert measured == ["Nine windows, 1x", "Nine windows, 10x"]
    measured.clear()
    assert CliRunner().invoke(main, ["flaml"]).exit_code == 0
    assert measured == ["flaml"]


def test_all_parts_are_measured_and_a_difference_is_the_exit_status(
    measured: list[str],
) -> None:
    assert CliRunner().invoke(main, []).exit_code == 1
    assert len(measured) == 2 + 4 + 2 + 2 + 1 + 1
    assert measured[-2:] == ["scoring", "flaml"]


def test_an_unknown_part_is_refused_with_those_there_are(measured: list[str]) -> None:
    result = CliRunner().invoke(main, ["speed"])
    assert result.exit_code == 2
    assert (
        "'windows', 'as_of_join', 'profile', 'drift', 'scoring', 'flaml'"
        in result.output
    )
    assert measured == []


def test_what_is_printed_of_scoring(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def output_of(module: str, *arguments: object) -> object:
        return "m, 8 trees" if module.endswith("inputs") else arguments[2] != "10000000"

    def measure(contenders: list[Contender], _folder: Path) -> None:
        for contender in contenders:
            if "pandas" in contender.name:
                contender.failure = "failed (137): no message"
            contender.seconds, contender.megabytes = [4.0, 1.0, 2.0], [9.0, 1234.5]

    monkeypatch.setattr(scoring, "output_of", output_of)
    monkeypatch.setattr(scoring, "measure", measure)
    assert not scoring.compare()
    printed = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert printed[1:3] == [
        ["Scoring", "with", "m,", "8", "trees"],
        [*["contender", "rows", "runs", "seconds", "rows/s", "peak", "MB", "equal"]],
    ]
    name = ["Goldleaf,", "in", "batches"]
    assert printed[3:] == [
        [*name, "10,000,000", "3", "2.0", "5,000,000", "1,234", "no"],
        [*name, "1,000,000", "3", "2.0", "500,000", "1,234", "yes"],
        [*["pandas,", "all", "at", "once", "failed", "(137):", "no", "message"]],
    ]


def test_what_is_printed_of_flaml(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cutoffs = ["2013-07-01", "2013-08-01"]

    def output_of(module: str, *arguments: object) -> object:
        return cutoffs if module.endswith("inputs") else [0.75, 0.5, len(arguments)]

    def run(contender: Contender, inputs: Path) -> None:
        if contender.name == "1 August, FLAML":
            contender.failure = "stopped after 7200 s"
            return
        file = f"{contender.module.rpartition('.')[2]}.json"
        inputs.mkdir(parents=True, exist_ok=True)
        (inputs / file).write_text(json.dumps({"seconds": 3.21, "found": "8 trees"}))
        contender.megabytes = [456.7]

    monkeypatch.setattr(automl, "FOLDER", tmp_path)
    monkeypatch.setattr(automl, "output_of", output_of)
    monkeypatch.setattr(Contender, "run", run)
    automl.compare()
    figures = ["3.2", "457", "0.7500", "0.5000", "1.0000"]
    printed = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert printed[3:] == [
        ["1", "July,", "Goldleaf:", "8", "trees", *figures],
        ["1", "July,", "FLAML:", "8", "trees", *figures],
        ["1", "August,", "Goldleaf:", "8", "trees", *figures],
        [*["1", "August,", "FLAML", "stopped", "after", "7200", "s"]],
        ["together,", "Goldleaf", "0.7500", "0.5000", "2.0000"],
    ]
