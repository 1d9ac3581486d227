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
    s.flight_number
from ml.arrival_delay_dataset as d
inner join silver.flights as s using (flight_id)
left join silver.aircraft_assignments as p using (flight_id)
where hash(flight_id) % 900 = 0
"""


@pytest.fixture(scope="module")
def examples(flights_2013: Workspace) -> pd.DataFrame:
    with flights_2013.lake() as lake:
        sample = lake.sql(FEATURES).df()
    assert len(sample) > 300
    return sample


@pytest.fixture(scope="module")
def facts(flights_2013: Workspace) -> dict[str, pd.DataFrame]:
    with flights_2013.lake() as lake:
        return {
            "departures": lake.sql("from silver.departures").df(),
            "arrivals": lake.sql(
                "select a.*, p.tail_number from silver.arrivals as a "
                "left join silver.aircraft_assignments as p using (flight_id)"
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
        ("destination_arrivals_24h", "arrivals", "destination", "count"),
        ("route_late_share_28d", "arrivals", "origin destination", "share"),
        ("flight_number_late_share_28d", "arrivals", "carrier flight_number", "share"),
        ("aircraft_arrivals_24h", "arrivals", "tail_number", "count"),
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
        elif measure == "mean":
            expected = float(known[column].mean())
        else:
            expected = float((known[column] >= 15).mean())
        filled += expected > 0
        assert example[feature] == pytest.approx(expected, abs=1e-9, nan_ok=True), (
            example.flight_id
        )
    assert filled > 20


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
