from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from python_ml.encoding import encode, learn_categories


def test_categories_are_distinct_sorted_and_without_null() -> None:
    examples = pa.table(
        {"carrier": ["UA", "9E", None, "UA", "AA"], "origin": ["x"] * 5}
    )
    assert learn_categories(examples, ["carrier"]) == {"carrier": ["9E", "AA", "UA"]}


def test_a_column_of_nulls_has_no_categories() -> None:
    examples = pa.table({"carrier": pa.array([None, None], pa.string())})
    categories = learn_categories(examples, ["carrier"])
    assert categories == {"carrier": []}
    assert (
        encode(examples, ["carrier"], categories)["carrier"].to_pylist() == [None] * 2
    )


def test_a_category_becomes_its_place_and_an_unseen_one_or_null_is_missing() -> None:
    examples = pa.table({"carrier": ["UA", "new", None, "AA"]})
    encoded = encode(examples, ["carrier"], {"carrier": ["AA", "UA"]})
    assert encoded["carrier"].to_pylist() == [1.0, None, None, 0.0]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([True, False, None]), [1.0, 0.0, None]),
        (pa.array([3, -1, None], pa.int32()), [3.0, -1.0, None]),
        (pa.array([3, -1, None], pa.int64()), [3.0, -1.0, None]),
        (pa.array([0.5, -1.5, None]), [0.5, -1.5, None]),
        (pa.array([Decimal("0.25"), None]), [0.25, None]),
    ],
    ids=["bool", "int32", "int64", "double", "decimal"],
)
def test_quantities_become_float64_and_null_stays_null(
    values: pa.Array, expected: list[float | None]
) -> None:
    encoded = encode(pa.table({"x": values}), ["x"], {})
    assert encoded.schema == pa.schema([("x", pa.float64())])
    assert encoded["x"].to_pylist() == expected


def test_only_the_features_are_kept_in_their_order() -> None:
    examples = pa.table({"a": [5], "label": [True], "c": ["x"], "b": [2]})
    encoded = encode(examples, ("c", "b", "a"), {"c": ["w", "x"]})
    assert encoded.to_pydict() == {"c": [1.0], "b": [2.0], "a": [5.0]}
    assert encoded.column_names == ["c", "b", "a"]


def test_a_batch_is_encoded_like_a_table() -> None:
    table = pa.table({"c": ["x", "y", None], "a": [1, 2, None]})
    [batch] = table.to_batches()
    categories = {"c": ["y"]}
    assert encode(batch, ["a", "c"], categories) == encode(
        table, ["a", "c"], categories
    )
