"""The main job on the real year: what is promised of the tables people rely on."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    roc_auc_score,
)

if TYPE_CHECKING:
    from conftest import Workspace

INTERFACE = {
    "bronze.rejected_rows": "file line_number raw_line reason",
    "silver.flights": "flight_id scheduled_departure_at carrier flight_number origin "
    "destination distance_miles known_at",
    "silver.departures": "flight_id event_at known_at departure_delay_minutes",
    "silver.arrivals": "flight_id event_at known_at arrival_delay_minutes",
    "gold.fct_flights": "flight_id is_cancelled is_diverted departure_delay_minutes "
    "arrival_delay_minutes is_late",
    "ml.arrival_delay_dataset": "flight_id prediction_at label label_known_at "
    "origin_departures_3h origin_departure_delay_minutes_mean_3h "
    "carrier_arrival_delay_minutes_mean_24h route_late_share_28d temperature_f",
    "ml.models": "model_id problem cutoff_at trained_rows feature_names artifact "
    "artifact_sha256 lake_snapshot code_sha256 fit_seconds",
    "ml.metrics": "model_id problem split segment metric value ci_low ci_high "
    "baseline_value n",
    "ml.champions": "problem model_id from_at to_at reason",
    "ml.predictions": "problem entity_id prediction_at model_id prediction lower upper "
    "label label_known_at",
    "ml.explanations": "problem entity_id prediction_at rank feature value "
    "contribution",
}


PROBLEMS = ("arrival_delay", "arrival_delay_minutes", "cancellation")


@pytest.mark.parametrize("table", INTERFACE)
def test_the_interface_has_its_columns(flights_2013: Workspace, table: str) -> None:
    columns = {row[0] for row in flights_2013.query(f"describe {table}")}
    assert set(INTERFACE[table].split()) <= columns


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select count(*) from bronze.raw_flights", 336_776),
        ("select count(*) from bronze.raw_weather", 26_115),
        ("select count(*) from bronze.raw_planes", 3_322),
        ("select count(*) from bronze.rejected_rows", 0),
        ("select count(*) from silver.rejected_records", 0),
        ("select count(*) from silver.flights", 336_776),
        ("select count(*) from silver.departures", 328_521),
        ("select count(*) from silver.arrivals", 327_346),
        ("select count(*) from silver.cancellations", 8_255),
        ("select count(*) from silver.diversions", 1_175),
        ("select count(*) from silver.weather_observations", 26_115),
        ("select count(*) from silver.airports where is_added", 4),
        ("select count(*) from gold.fct_flights", 336_776),
        ("select count(*) from gold.fct_flights where is_cancelled", 8_255),
        ("select count(*) from gold.fct_flights where is_diverted", 1_175),
        ("select sum(scheduled_flights) from gold.route_daily", 336_776),
        ("select sum(scheduled_departures) from gold.airport_hourly", 336_776),
        ("select count(*) from ml.arrival_delay_dataset", 336_776),
        ("select count(*) from ml.cancellation_dataset", 336_776),
        ("select count(*) from ml.models", 18),
        ("select count(*) from ml.problems", 3),
    ],
)
def test_no_row_is_lost_or_multiplied(
    flights_2013: Workspace, sql: str, expected: int
) -> None:
    assert flights_2013.value(sql) == expected


def test_the_impossible_wind_is_null_and_flagged(flights_2013: Workspace) -> None:
    rows = flights_2013.query(
        "select wind_speed_mph, impossible_values from silver.weather_observations "
        "where has_impossible_values"
    )
    assert rows == [(None, "wind_speed=1048.36058")]


@pytest.mark.parametrize("problem", PROBLEMS)
def test_every_flight_from_july_on_has_one_published_prediction(
    flights_2013: Workspace, problem: str
) -> None:
    found = flights_2013.query(
        "select count(*), count(distinct entity_id), count(prediction) "
        "from gold.fct_flights "
        f"left join ml.predictions on entity_id = flight_id and problem = '{problem}' "
        "where flight_date_local >= date '2013-07-01'"
    )
    flights = flights_2013.value(
        "select count(*) from silver.flights where flight_date_local >= '2013-07-01'"
    )
    assert found == [(flights, flights, flights)]


def test_cancelled_flights_are_predicted_and_never_measured(
    flights_2013: Workspace,
) -> None:
    labelled, predicted = flights_2013.query(
        "select count(label), count(*) from ml.predictions "
        "inner join gold.fct_flights on entity_id = flight_id "
        "where is_cancelled and problem <> 'cancellation'"
    )[0]
    assert labelled == 0
    assert predicted > 0


def test_published_predictions_are_as_good_as_promised(
    flights_2013: Workspace,
) -> None:
    with flights_2013.lake() as lake:
        published = lake.sql(
            "select prediction, cast(is_late as integer) as label from ml.predictions "
            "inner join gold.fct_flights on entity_id = flight_id "
            "where is_late is not null and problem = 'arrival_delay' "
            "and flight_date_local between date '2013-07-01' and date '2013-10-31'"
        ).df()
    assert len(published) == 112_677
    assert roc_auc_score(published.label, published.prediction) >= 0.772
    assert average_precision_score(published.label, published.prediction) >= 0.536
    assert brier_score_loss(published.label, published.prediction) <= 0.140


# Nothing here is measured on November and December.
UNTIL_OCTOBER = "prediction_at < timestamp '2013-11-01'"


def test_calibration_stays_within_its_bound(flights_2013: Workspace) -> None:
    error = flights_2013.value(
        "select value from ml.track_record where problem = 'arrival_delay' and period "
        "= 'to date' and until_month_local = '2013-10' and metric = 'calibration_error'"
    )
    assert error <= 0.02


def test_intervals_cover_in_every_month_and_for_every_carrier(
    flights_2013: Workspace,
) -> None:
    covered = (
        "avg(cast(label between lower and upper as integer)) from ml.predictions "
        "inner join gold.fct_flights on entity_id = flight_id where problem = "
        f"'arrival_delay_minutes' and label is not null and {UNTIL_OCTOBER}"
    )
    by_month = flights_2013.query(
        f"select month(flight_date_local), {covered} and flight_date_local >= "
        "date '2013-07-01' group by all order by all"
    )
    assert [month for month, _ in by_month] == [7, 8, 9, 10]
    for month, share in by_month:
        assert 0.77 <= share <= 0.83, month
    by_carrier = flights_2013.query(
        f"select carrier, {covered} group by all having count(*) >= 500"
    )
    assert len(by_carrier) > 8
    for carrier, share in by_carrier:
        assert share >= 0.74, carrier


def test_the_interval_beats_climatology(flights_2013: Workspace) -> None:
    pinball, naive = flights_2013.query(
        "select value, baseline_value from ml.track_record where problem = "
        "'arrival_delay_minutes' and period = 'to date' "
        "and until_month_local = '2013-10' and metric = 'pinball'"
    )[0]
    assert pinball <= 0.85 * naive


def test_cancellations_are_ranked_six_times_better_than_by_chance(
    flights_2013: Workspace,
) -> None:
    precision, base_rate = flights_2013.query(
        "select value, (select avg(label) from ml.predictions where problem = "
        f"'cancellation' and {UNTIL_OCTOBER}) from ml.track_record where problem = "
        "'cancellation' and period = 'to date' and until_month_local = '2013-10' "
        "and metric = 'average_precision'"
    )[0]
    assert precision >= 6 * base_rate


def test_no_version_saw_its_own_future(flights_2013: Workspace) -> None:
    early = flights_2013.value(
        "select count(*) from ml.predictions inner join ml.models using (model_id) "
        "where predictions.prediction_at < cutoff_at"
    )
    assert early == 0


@pytest.mark.parametrize("problem", PROBLEMS)
def test_declared_features_dataset_and_stored_model_agree(
    flights_2013: Workspace, problem: str
) -> None:
    columns = [row[0] for row in flights_2013.query(f"describe ml.{problem}_dataset")]
    roles = {"flight_id", "prediction_at", "label", "label_known_at"}
    features = [column for column in columns if column not in roles]
    assert flights_2013.query(
        f"select distinct feature_names from ml.models where problem = '{problem}'"
    ) == [(features,)]


@pytest.mark.parametrize("problem", PROBLEMS)
def test_champions_follow_each_other_without_gap(
    flights_2013: Workspace, problem: str
) -> None:
    champions = flights_2013.query(
        f"select from_at, to_at from ml.champions where problem = '{problem}' "
        "order by from_at"
    )
    assert str(champions[0][0]) == "2013-07-01 00:00:00"
    assert champions[-1][1] is None
    for (_, ended), (began, _) in pairwise(champions):
        assert ended == began


def test_the_command_line_shows_the_lake(flights_2013: Workspace) -> None:
    csv = flights_2013.succeed(
        "goldleaf", "sql", "select count(*) as n from gold.fct_flights", "--csv"
    )
    assert csv == '"n"\n336776\n'
    assert "336776" in flights_2013.succeed(
        "goldleaf", "sql", "select count(*) from gold.fct_flights"
    )
    summary = flights_2013.succeed("goldleaf", "summary")
    assert "336,776 flights (8,255 cancelled" in summary
    assert "static_index.html" in summary
    failed = flights_2013.run("goldleaf", "sql", "select nonsense")
    assert failed.returncode == 1
    assert "nonsense" in failed.stderr


def test_every_problem_is_listed_with_its_defaults(flights_2013: Workspace) -> None:
    found = flights_2013.query(
        "select problem, task, metric, calibration_days, gate_days, coverage,"
        " len(gates) from ml.problems order by all"
    )
    assert found == [
        ("arrival_delay", "binary", "log_loss", 21, 14, 0.8, 6),
        ("arrival_delay_minutes", "regression", "pinball", 21, 14, 0.8, 6),
        ("cancellation", "binary", "log_loss", 21, 14, 0.8, 6),
    ]
