"""From columns of a dataset to the numbers that LightGBM reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

Categories = Mapping[str, Sequence[str]]


def learn_categories(examples: pa.Table, categorical: Sequence[str]) -> Categories:
    """Return the distinct names of each categorical column, in alphabetical order."""
    return {
        name: sorted(pc.unique(examples[name].drop_null()).to_pylist())
        for name in categorical
    }


def encode(
    examples: pa.Table | pa.RecordBatch,
    features: Sequence[str],
    categories: Categories,
) -> pa.Table:
    """Return the features as float64 columns, in order, missing values as nulls.

    A category becomes its place in ``categories``; one that was not learnt is missing.
    """
    columns = []
    for name in features:
        values = examples[name]
        if name in categories:
            values = pc.index_in(
                values, value_set=pa.array(categories[name], pa.string())
            )
        columns.append(pc.cast(values, pa.float64()))
    return pa.table(columns, names=list(features))
