from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from test_training import CALIBRATION, FEATURES, THREADS, train

from python_ml.edge import explain
from python_ml.edge.explain import ALL_OTHER, BASE, EXPLANATIONS, explained_batches
from python_ml.reasons import Wording
from python_ml.scoring import Scorer

if TYPE_CHECKING:
    from python_ml.artifact import Artifact

EXAMPLES = CALIBRATION.append_column(
    "entity_id", pa.array([f"e{n:03}" for n in range(CALIBRATION.num_rows)])
)
WORDINGS = {
    "carrier": Wording("name", "{} flies it", "nobody is known to fly it"),
    "distance": Wording("miles", "{} of {carrier}"),
}


@pytest.fixture(scope="module")
def artifact() -> Artifact:
    return train().artifact


def explained(artifact: Artifact, examples: pa.Table, rows: int = 64) -> pa.Table:
    reader = pa.RecordBatchReader.from_batches(
        examples.schema, examples.to_batches(max_chunksize=rows)
    )
    batches = explained_batches("m", artifact, reader, WORDINGS)
    return pa.Table.from_batches(batches, schema=EXPLANATIONS)


def test_reasons_are_ranked_by_size_and_sum_to_the_raw_score(
    artifact: Artifact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explain, "REASONS", 2)
    found = explained(artifact, EXAMPLES).to_pandas()
    assert len(found) == 500 * 4
    scorer = Scorer(artifact, THREADS)
    contributions = scorer.contributions(EXAMPLES)
    raw_score = scorer.score(EXAMPLES).raw_score
    names = np.array(FEATURES)
    for place, (entity, reasons) in enumerate(found.groupby("entity_id", sort=True)):
        assert entity == f"e{place:03}"
        assert reasons["rank"].tolist() == [1, 2, 3, 4]
        order = np.argsort(-np.abs(contributions[place, :-1]), kind="stable")
        expected = [*names[order[:2]], BASE, ALL_OTHER]
        assert reasons["feature"].tolist() == expected
        left = contributions[place, :-1][order[2:]].sum()
        assert reasons["contribution"].tolist() == pytest.approx(
            [*contributions[place, :-1][order[:2]], contributions[place, -1], left]
        )
        total = reasons["contribution"].sum()
        assert total == pytest.approx(raw_score[place], abs=1e-9)


def test_values_are_those_of_the_example(artifact: Artifact) -> None:
    found = explained(artifact, EXAMPLES).to_pylist()
    rows = {row["entity_id"]: row for row in EXAMPLES.to_pylist()}
    for reason in found:
        if reason["feature"] in (BASE, ALL_OTHER):
            assert reason["value"] is None
            continue
        value = rows[reason["entity_id"]][reason["feature"]]
        if isinstance(value, float):
            assert float(reason["value"]) == value
        elif isinstance(value, bool):
            assert reason["value"] == str(value).lower()
        else:
            assert reason["value"] == value


def test_a_phrase_has_the_words_of_its_feature_and_the_values_of_its_example(
    artifact: Artifact,
) -> None:
    carriers = pa.array(["UA", None])
    examples = EXAMPLES.slice(0, 2).set_column(
        EXAMPLES.schema.get_field_index("carrier"), "carrier", carriers
    )
    examples = examples.set_column(
        examples.schema.get_field_index("distance"), "distance", pa.array([1.0, 250.5])
    )
    weekend = [str(value) for value in examples["weekend"].to_pylist()]
    said = {
        (row["entity_id"], row["feature"]): row["phrase"]
        for row in explained(artifact, examples).to_pylist()
    }
    assert said == {
        ("e000", "carrier"): "UA flies it",
        ("e000", "distance"): "1 mile of UA",
        ("e000", "weekend"): f"weekend: {weekend[0]}",
        ("e000", BASE): None,
        ("e000", ALL_OTHER): None,
        ("e001", "carrier"): "nobody is known to fly it",
        ("e001", "distance"): "250.5 miles of unknown",
        ("e001", "weekend"): f"weekend: {weekend[1]}",
        ("e001", BASE): None,
        ("e001", ALL_OTHER): None,
    }


def test_with_fewer_features_than_reasons_nothing_is_left(artifact: Artifact) -> None:
    found = explained(artifact, EXAMPLES).to_pandas()
    assert len(found) == 500 * (len(FEATURES) + 2)
    left = found[found.feature == ALL_OTHER]
    assert (left.contribution == 0).all()


def test_batches_change_nothing_and_no_examples_give_no_reasons(
    artifact: Artifact,
) -> None:
    assert explained(artifact, EXAMPLES, 1000) == explained(artifact, EXAMPLES, 7)
    assert explained(artifact, EXAMPLES.slice(0, 0)).num_rows == 0
