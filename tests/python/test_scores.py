"""Scores and explanations come a batch at a time, as dbt-duckdb takes them."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest
from test_training import FEATURES, THREADS, examples, train

from python_ml.artifact import sha256_of
from python_ml.edge import explain, score
from python_ml.scoring import Scorer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

ROWS, BATCH = 7000, 1000
BEGIN, HOUR = datetime(2013, 2, 1), timedelta(hours=1)
EXAMPLES = examples(ROWS, 3, ("UA", "AA", "DL"))
DECLARATION: dict[str, Any] = {
    "name": "late",
    "task": "binary",
    "label": "l",
    "prediction_time": "t",
    "label_known": "k",
    "entity": ["key"],
    "first_cutoff": "2013-03-01",
    "categorical": ["carrier"],
}
ARTIFACT = train().artifact
FROM = {"a": 0, "b": ROWS - 500}  # the first example that a version scores


@pytest.fixture
def lake(monkeypatch: pytest.MonkeyPatch) -> Iterator[DuckDBPyConnection]:
    """Two versions with one artifact; "b" has the later calibration stretch."""
    monkeypatch.setattr(score, "BATCH_ROWS", BATCH)
    monkeypatch.setattr(explain, "BATCH_ROWS", BATCH)
    with duckdb.connect() as connection:
        keys = pa.array(range(ROWS))
        connection.from_arrow(EXAMPLES.append_column("key", keys)).create("dataset")
        text = ARTIFACT.to_text()
        models = {
            "model_id": list(FROM),
            "calibration_from_at": [BEGIN + first * HOUR for first in FROM.values()],
            "artifact": [text, text],
            "artifact_sha256": [sha256_of(text), sha256_of(text)],
        }
        connection.from_arrow(pa.table(models)).create("models")
        connection.execute(
            "create table predictions as select if(key % 2 = 0, 'a', 'b') as model_id,"
            " cast(key as varchar) as entity_id, prediction_at from dataset;"
            f"create table clock as select timestamp '{BEGIN}' as clock_at;"
            "create table registry (feature_table text, feature text, unit text,"
            " phrase text, phrase_if_null text, used_by text)"
        )
        yield connection


@pytest.fixture
def scored(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Rows of each batch that was given to a scorer."""
    batches: list[int] = []
    for name in ("score", "contributions"):
        method = getattr(Scorer, name)

        def watched(self: Scorer, batch: pa.RecordBatch, method: Any = method) -> Any:
            batches.append(batch.num_rows)
            return method(self, batch)

        monkeypatch.setattr(Scorer, name, watched)
    return batches


def scores(lake: DuckDBPyConnection, this: str = "") -> pa.RecordBatchReader:
    dbt = SimpleNamespace(is_incremental=bool(this), this=this)
    dataset, models = lake.table("dataset"), lake.table("models")
    return score.score(dbt, lake, DECLARATION, dataset, models)


def explanations(lake: DuckDBPyConnection, this: str = "") -> pa.RecordBatchReader:
    dbt = SimpleNamespace(is_incremental=bool(this), this=this)
    tables = map(lake.table, ("dataset", "models", "predictions", "registry", "clock"))
    return explain.explain(dbt, lake, DECLARATION, *tables)


def materialize(
    lake: DuckDBPyConnection, rows: pa.RecordBatchReader, table: str
) -> list[tuple[Any, ...]]:
    """Make a table as dbt-duckdb does: another cursor takes the batches."""
    cursor = lake.cursor()
    cursor.register("returned", rows)
    cursor.execute(f"create table {table} as select * from returned")
    cursor.unregister("returned")
    return lake.sql(f"from {table}").fetchall()


@pytest.mark.parametrize("rows", [scores, explanations])
def test_a_batch_is_scored_when_it_is_taken(
    rows: Any, lake: DuckDBPyConnection, scored: list[int]
) -> None:
    reader = rows(lake)
    assert scored == []
    reader.read_next_batch()
    assert scored == [BATCH]
    reader.read_next_batch()
    assert len(scored) == 2


def test_every_version_scores_from_its_calibration_stretch_on_in_order(
    lake: DuckDBPyConnection,
) -> None:
    of_all = Scorer(ARTIFACT, THREADS).score(EXAMPLES)
    expected = [
        (
            model_id,
            str(key),
            BEGIN + key * HOUR,
            of_all.prediction[key],
            of_all.raw_score[key],
            None,
            None,
        )
        for model_id, first in FROM.items()
        for key in range(first, ROWS)
    ]
    assert materialize(lake, scores(lake), "scored") == expected


def test_what_was_scored_before_is_left_out(lake: DuckDBPyConnection) -> None:
    every = materialize(lake, scores(lake), "every")
    gone = "model_id = 'a' and entity_id in ('0', '6999') or model_id = 'b'"
    lake.execute(f"create table before as from every where not ({gone})")
    found = materialize(lake, scores(lake, "before"), "missing")
    assert found == [row for row in every if row[0] == "b" or row[1] in ("0", "6999")]
    assert materialize(lake, scores(lake, "every"), "nothing") == []


def test_explanations_are_those_of_the_version_that_predicted(
    lake: DuckDBPyConnection,
) -> None:
    found = materialize(lake, explanations(lake), "explained")
    reasons = len(FEATURES) + 2
    assert [row[:2] for row in found[::reasons]] == [
        *(("a", str(key)) for key in range(0, ROWS, 2)),
        *(("b", str(key)) for key in range(1, ROWS, 2)),
    ]
    lake.execute("create table before as from explained where entity_id <> '7'")
    again = materialize(lake, explanations(lake, "before"), "again")
    assert again == [row for row in found if row[1] == "7"]


def test_without_a_clock_or_a_version_there_is_nothing(
    lake: DuckDBPyConnection,
) -> None:
    lake.execute("truncate clock")
    assert materialize(lake, explanations(lake), "explained") == []
    lake.execute("truncate models")
    assert materialize(lake, scores(lake), "scored") == []


def test_a_failure_half_way_leaves_no_table_and_says_why(
    lake: DuckDBPyConnection,
) -> None:
    lake.execute("update models set artifact = '{}' where model_id = 'b'")
    with pytest.raises(duckdb.InvalidInputException, match="it was changed after it"):
        materialize(lake, scores(lake), "scored")
    assert lake.sql("show tables").filter("name = 'scored'").fetchall() == []
    assert lake.sql("select count(*) from dataset").fetchall() == [(ROWS,)]
