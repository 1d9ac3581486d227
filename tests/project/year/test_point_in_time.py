"""Features against a plain loop over the facts that were known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

if TYPE_CHECKING:
    from conftest import Workspace

FEATURES = """
select
    d.*,
    p.tail_number,
    s.flight_number,
    hour(s.scheduled_departure_local) as scheduled_hour_local
from ml.arrival_delay_dataset as d
inner join silver.flights as s using (flight_id)
left join silver.aircraft_assignments as p using (flight_id)
where hash(flight_id) % 1800 = 0
"""


@pytest.fixture(scope="module")
def examples(flights_2013: Workspace) -> pd.DataFrame:
    with flights_2013.lake() as lake:
        sample = lake.sql(FEATURES).df()
    assert len(sample) > 150
    return sample


@pytest.fixture(scope="module")
def facts(flights_2013: Workspace) -> dict[str, pd.DataFrame]:
    with flights_2013.lake() as lake:
        return {
            "departures": lake.sql(
                "select d.*, p.tail_number, s.scheduled_departure_at, datediff("
                "'minute', s.scheduled_departure_at, s.scheduled_arrival_at)"
                " as scheduled_duration_minutes from silver.departures as d"
                " join silver.flights as s using (flight_id)"
                " left join silver.aircraft_assignments as p using (flight_id)"
            ).df(),
            "arrivals": lake.sql(
                "select a.*, p.tail_number,"
                " a.arrival_delay_minutes - d.departure_delay_minutes as minutes_lost,"
                " hour(s.scheduled_departure_local) as scheduled_hour_local"
                " from silver.arrivals as a join silver.departures as d"
                " using (flight_id) join silver.flights as s using (flight_id)"
                " left join silver.aircraft_assignments as p using (flight_id)"
            ).df(),
            "schedules": lake.sql(
                "select s.*, least(d.known_at, c.known_at) as left_at"
                " from silver.flights as s left join silver.departures as d"
                " using (flight_id) left join silver.cancellations as c"
                " using (flight_id)"
            ).df(),
            "weather": lake.sql(
                "select * rename (airport as origin) from silver.weather_observations"
            ).df(),
        }


def known_in_window(
    facts: pd.DataFrame, example: pd.Series, entity: list[str], window: str
) -> pd.DataFrame:
    start = example.prediction_at - pd.Timedelta(
        window.upper() if window[-1] == "d" else window
    )
    known = (facts.known_at >= start) & (facts.known_at < example.prediction_at)
    for column in entity:
        known &= facts[column] == example[column]
    return facts[known]


@pytest.mark.parametrize(
    ("feature", "table", "entity", "measure"),
    [
        ("origin_departures_1h", "departures", "origin", "count"),
        ("origin_departures_3h", "departures", "origin", "count"),
        ("origin_departure_delay_minutes_mean_3h", "departures", "origin", "mean"),
        ("origin_late_departure_share_6h", "departures", "origin", "share"),
        (
            "carrier_origin_departure_delay_minutes_mean_3h",
            "departures",
            "carrier origin",
            "mean",
        ),
        ("carrier_arrival_delay_minutes_mean_24h", "arrivals", "carrier", "mean"),
        ("network_late_departure_share_1h", "departures", "", "share"),
        ("carrier_late_departure_share_3h", "departures", "carrier", "share"),
        (
            "destination_arrival_delay_minutes_mean_6h",
            "arrivals",
            "destination",
            "mean",
        ),
        ("destination_minutes_lost_mean_24h", "arrivals", "destination", "lost"),
        (
            "carrier_destination_arrival_delay_minutes_mean_24h",
            "arrivals",
            "carrier destination",
            "mean",
        ),
        (
            "carrier_origin_hour_arrival_delay_minutes_mean_28d",
            "arrivals",
            "carrier origin scheduled_hour_local",
            "mean",
        ),
        ("route_late_share_28d", "arrivals", "origin destination", "share"),
        (
            "service_arrival_delay_minutes_mean_28d",
            "arrivals",
            "carrier flight_number origin destination",
            "mean",
        ),
        ("aircraft_departures_24h", "departures", "tail_number", "count"),
        ("aircraft_arrival_delay_minutes_mean_24h", "arrivals", "tail_number", "mean"),
    ],
)
def test_a_window_holds_what_was_known_in_it(
    examples: pd.DataFrame,
    facts: dict[str, pd.DataFrame],
    feature: str,
    table: str,
    entity: str,
    measure: str,
) -> None:
    window = feature.rsplit("_", 1)[1]
    column = {
        "departures": "departure_delay_minutes",
        "arrivals": "arrival_delay_minutes",
    }[table]
    filled = 0
    for _, example in examples.iterrows():
        known = known_in_window(facts[table], example, entity.split(), window)
        if measure == "count":
            expected = float(len(known))
        elif known.empty:
            expected = np.nan
        elif measure == "lost":
            expected = float(known.minutes_lost.mean())
        elif measure == "mean":
            expected = float(known[column].mean())
        else:
            expected = float((known[column] >= 15).mean())
        filled += expected > 0
        assert example[feature] == pytest.approx(expected, abs=1e-9, nan_ok=True), (
            example.flight_id
        )
    assert filled > 10


def test_the_weather_is_that_of_the_last_hour_that_was_over(
    examples: pd.DataFrame, facts: dict[str, pd.DataFrame]
) -> None:
    weather = facts["weather"]
    for _, example in examples.iterrows():
        known = weather[
            (weather.origin == example.origin)
            & (weather.known_at < example.prediction_at)
        ]
        expected = (
            known.sort_values("known_at").iloc[-1].temperature_f
            if len(known)
            else np.nan
        )
        assert example.temperature_f == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("reach", ["origin", "network"])
def test_overdue_flights_are_those_waiting_to_leave(
    examples: pd.DataFrame, facts: dict[str, pd.DataFrame], reach: str
) -> None:
    schedules = facts["schedules"]
    waiting_somewhere = 0
    for _, example in examples.iterrows():
        now = example.prediction_at
        waiting = (schedules.scheduled_departure_at < now) & ~(schedules.left_at < now)
        if reach == "origin":
            waiting &= schedules.origin == example.origin
        expected = int(waiting.sum())
        waiting_somewhere += expected > 0
        assert example[f"{reach}_overdue_departures"] == expected, example.flight_id
    assert waiting_somewhere > 50


def test_the_slack_of_an_aircraft_is_what_two_flights_leave_of_the_time_between(
    examples: pd.DataFrame, facts: dict[str, pd.DataFrame]
) -> None:
    filled = 0
    for _, example in examples.iterrows():
        left = known_in_window(
            facts["departures"], example, ["tail_number"], "24h"
        ).sort_values(["known_at", "event_at", "flight_id"])
        expected = delay = since_landing = np.nan
        if len(left):
            last = left.iloc[-1]
            since = (example.prediction_at - last.known_at).total_seconds() / 60
            expected = 120 + since - 2 * last.scheduled_duration_minutes
            delay = last.departure_delay_minutes
            filled += 1
        landed = known_in_window(facts["arrivals"], example, ["tail_number"], "24h")
        if len(landed):
            gap = example.prediction_at - landed.known_at.max()
            since_landing = gap.total_seconds() / 60
        for feature, value in {
            "aircraft_slack_minutes": expected,
            "aircraft_last_departure_delay_minutes": delay,
            "aircraft_minutes_since_arrival": since_landing,
        }.items():
            found = example[feature] if pd.notna(example[feature]) else np.nan
            assert found == pytest.approx(value, nan_ok=True), feature
    assert filled > 25
