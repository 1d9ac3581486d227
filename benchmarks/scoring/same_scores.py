"""Says whether a result has all rows, and for those of another the same scores.

``python -m benchmarks.scoring.same_scores <other> <result> <rows>``. The same score is
the same number to the last bit.
"""

from __future__ import annotations

import json
import sys

import duckdb


def same_scores(other: str, result: str, rows: int) -> bool:
    """Return whether the result has so many rows, among them all of the other."""
    columns = "example_number, raw_score, prediction"
    row = duckdb.sql(
        f"""
        select
            count(*) = {rows}
            and count(distinct example_number) = {rows}
            and not exists (
                select {columns} from '{other}'
                except all
                select {columns} from '{result}'
            )
        from '{result}'
        """
    ).fetchone()
    return row == (True,)


if __name__ == "__main__":
    print(json.dumps(same_scores(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
