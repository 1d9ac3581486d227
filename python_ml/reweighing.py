"""Weights under which the label does not depend on the group: a mitigation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    import numpy.typing as npt

MOST_WEIGHT = 10.0
"""Of an example: in a tiny cell a few examples would else speak for a whole group."""


def reweighing_weights(
    groups: pa.Array | pa.ChunkedArray, labels: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """Return P(group) P(label) / P(group, label) of each example, at most MOST_WEIGHT.

    Examples without a group are a group of their own. Without the cap the weights sum
    to n, and the weighted share of labels is the same in every group.
    Source: Kamiran and Calders, Data preprocessing techniques for classification
    without discrimination (2012).

    Args:
        groups: of any type; shape (n,).
        labels: true or false; shape (n,).

    >>> reweighing_weights(pa.array(["a", "a", "a", "b"]), np.array([1, 0, 0, 1]) > 0)
    array([1.5 , 0.75, 0.75, 0.5 ])

    """
    encoded = groups.dictionary_encode(null_encoding="encode")
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    group = encoded.indices.to_numpy()
    label = labels.astype(np.int64)
    of_cell = np.zeros((len(encoded.dictionary), 2))
    np.add.at(of_cell, (group, label), 1)
    if_independent = np.outer(of_cell.sum(axis=1), of_cell.sum(axis=0)) / len(label)
    weights: npt.NDArray[np.float64] = np.minimum(
        if_independent[group, label] / of_cell[group, label], MOST_WEIGHT
    )
    return weights
