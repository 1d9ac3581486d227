"""The figures of monitoring.profile for 20 columns of mixed types, with nulls.

A result has a row for each column, numbered as ``example_number``.
"""

from __future__ import annotations

from benchmarks import tables

TABLE = "generated"
TITLE = "Profile of 20 columns"
BESIDE_PANDAS = {
    "Goldleaf": "profile.goldleaf",
    "pandas, a column at a time": "profile.pandas_describe",
}
ALONE = {"Goldleaf": "profile.goldleaf"}
TABLES = ((TITLE, "1000000", BESIDE_PANDAS), (TITLE, "10000000", ALONE))


def compare() -> bool:
    """Measure and print; return whether all results are equal."""
    return tables.compare("benchmarks.profile.inputs", TABLES)
