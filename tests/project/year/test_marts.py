"""The outlook of an airport's day: intervals that hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Workspace

# Parameters were chosen on these months; November and December are only reported.
COVERED = """
select
    count({counted}_flights_lower),
    avg((
        {counted}_flights
        between {counted}_flights_lower and {counted}_flights_upper
    )::integer)
from marts.airport_day_outlook
where flight_date_local between '2013-07-01' and '2013-10-31' and {rows}
"""


@pytest.mark.parametrize(
    ("counted", "rows"),
    [
        ("late", "hour_local is not null"),
        ("late", "hour_local is null"),
        ("cancelled", "hour_local is null"),
        ("cancelled", "hour_local is not null and expected_cancelled_flights >= 1"),
    ],
)
def test_intervals_hold_four_times_in_five(
    flights_2013: Workspace, counted: str, rows: str
) -> None:
    n, coverage = flights_2013.query(COVERED.format(counted=counted, rows=rows))[0]
    assert n > 300
    assert 0.75 <= coverage <= 0.85


def test_hours_in_which_a_cancellation_is_unlikely_are_covered_more_often(
    flights_2013: Workspace,
) -> None:
    """In most hours none is cancelled, and an interval that holds 0 cannot fail."""
    none, coverage = flights_2013.query(
        "select avg((cancelled_flights = 0)::int), avg((cancelled_flights between "
        "cancelled_flights_lower and cancelled_flights_upper)::int) "
        "from marts.airport_day_outlook where hour_local is not null "
        "and cancelled_flights_lower is not null "
        "and flight_date_local between '2013-07-01' and '2013-10-31'"
    )[0]
    assert 0.8 < none < coverage < 0.95


@pytest.mark.parametrize("counted", ["late", "cancelled"])
def test_what_is_expected_happens_on_average(
    flights_2013: Workspace, counted: str
) -> None:
    expected, happened = flights_2013.query(
        f"select sum(expected_{counted}_flights), sum({counted}_flights) "
        "from marts.airport_day_outlook where hour_local is not null "
        "and flight_date_local between '2013-07-01' and '2013-10-31' "
        f"and expected_{counted}_flights is not null"
    )[0]
    assert expected == pytest.approx(happened, rel=0.1)
