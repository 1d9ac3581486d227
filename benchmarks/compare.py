"""Counts the rows in which two results differ.

``python -m benchmarks.compare <file> <file>``. Means may differ by 1e-9, or by 1e-12 of
their size, from the order in which numbers were added; everything else is exact.
"""

from __future__ import annotations

import sys

import duckdb


def differences(expected: str, found: str) -> int:
    """Return how many examples are missing, repeated or have another value."""
    names = duckdb.read_parquet(expected).columns
    if set(names) != set(duckdb.read_parquet(found).columns):
        return duckdb.read_parquet(expected).shape[0]
    same = " and ".join(
        f"(expected.{name} is not distinct from found.{name} "
        f"or abs(expected.{name} - found.{name})"
        f" <= greatest(1e-9, 1e-12 * abs(expected.{name}))) is true"
        for name in names
    )
    ((different,),) = duckdb.sql(
        f"""
        select
            count(*) filter (where ({same}) is not true)
            + count(found.example_number)
            - count(distinct found.example_number)
        from '{expected}' as expected
        full join '{found}' as found
            on expected.example_number = found.example_number
        """
    ).fetchall()
    return int(different)


if __name__ == "__main__":
    print(differences(*sys.argv[1:]))
