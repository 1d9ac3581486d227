"""Rows of 20 made-up columns, the same ones always."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from benchmarks.profile import TABLE

if TYPE_CHECKING:
    from pathlib import Path

# A number from 0 to 1 that depends on the row and on `k`.
UNIFORM = "create temp macro u(i, k) as hash(i, k) / 18446744073709551616.0"
ROWS = """
select
    i as row_id,
    make_timestamp(1356998400000000 + i * 3141593) as created_at,
    timestamp '2013-01-01' + to_minutes(cast(u(i, 1) * 5e5 as bigint)) as known_at,
    date '2013-01-01' + cast(u(i, 2) * 365 as integer) as day,
    u(i, 3) + u(i, 4) as measure,
    case when u(i, 5) < 0.9 then u(i, 6) end as measure_or_null,
    -ln(u(i, 7) + 1e-12) as waiting,
    case when u(i, 8) < 0.1 then 'nan' else round(u(i, 9), 3) end as or_not_a_number,
    round(u(i, 10) * 5, 1) as rating,
    cast(exp(u(i, 11) * 9) as decimal(12, 2)) as price,
    cast(-ln(u(i, 12) + 1e-12) * 4 as integer) as quantity,
    case when u(i, 13) < 0.97 then cast(u(i, 14) * u(i, 15) * 900 - 20 as integer) end
        as delay_minutes,
    cast(u(i, 16) * 1e6 as bigint) as customer,
    1 as constant,
    u(i, 17) < 0.245 as is_late,
    case when u(i, 18) < 0.9 then u(i, 19) < 0.5 end as is_known,
    'C' || cast(u(i, 20) * 16 as integer) as carrier,
    case when u(i, 21) < 0.95 then 'city ' || cast(u(i, 22) * 1000 as integer) end
        as city,
    'place ' || cast(u(i, 23) * 1e6 as integer) as place,
    'key-' || (i * 7919 % 10000019) as key
from range({rows}) as numbers(i)
"""


def columns() -> dict[str, str]:
    """Return the names and the types of the columns, in their order."""
    with duckdb.connect() as connection:
        connection.execute(UNIFORM)
        generated = connection.sql(ROWS.format(rows=0))
        return dict(zip(generated.columns, map(str, generated.types), strict=True))


def write_rows(folder: Path, rows: int) -> None:
    """Write the columns, the same ones whenever it is called."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(UNIFORM)
        connection.sql(ROWS.format(rows=rows)).write_parquet(
            str(folder / f"{TABLE}.parquet")
        )
