"""features.registry: every feature, derived from what the project says of itself."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from conftest import Workspace, copy_of_the_project

from python_ml.reasons import Wording, phrase

if TYPE_CHECKING:
    from pathlib import Path


def test_every_column_of_the_layer_that_is_no_key_is_registered(
    some_flights: Workspace, models: dict[str, dict[str, Any]]
) -> None:
    registered = set(
        some_flights.query("select feature_table, feature from features.registry")
    )
    keys = {"known_at", "prediction_at", "flight_id", "version"}
    for name, node in models.items():
        if node["schema"] != "features" or name == "registry":
            continue
        if node["config"]["materialized"] == "ephemeral":
            continue
        columns = set(node["columns"]) - keys
        found = {feature for table, feature in registered if table == name}
        assert found, name
        assert found <= columns, name
        entity = some_flights.value(
            f"select min(entity) from features.registry where feature_table = '{name}'"
        )
        assert columns - found <= set(entity.split(", ")), name


@pytest.mark.parametrize(
    ("feature", "row"),
    [
        (
            "origin_departure_delay_minutes_mean_3h",
            ("origin", "double", "minutes", "3h",
             "origin_departures: departure_delay_minutes_total, departures_total"),
        ),
        (
            "network_late_departure_share_1h",
            ("", "double", "share of 1", "1h",
             "network_departures: late_departures_total, departures_total"),
        ),
        (
            "aircraft_slack_minutes",
            ("tail_number", "double", "minutes", "24h",
             "aircraft_last_departures: known_at, scheduled_duration_minutes"),
        ),
        (
            "scheduled_minute_of_day",
            ("flight_id", "bigint", "minutes since midnight", "latest",
             "flight_schedule: scheduled_minute_of_day"),
        ),
        (
            "temperature_f",
            ("origin", "double", "degrees Fahrenheit", "latest",
             "origin_weather: temperature_f"),
        ),
    ],
)  # fmt: skip
def test_a_feature_says_what_it_is(
    some_flights: Workspace, feature: str, row: tuple[str, ...]
) -> None:
    found = some_flights.query(
        "select entity, data_type, unit, trailing_window, made_from, used_by, owner,"
        " description from features.registry"
        f" where feature_table = 'flights_at_prediction' and feature = '{feature}'"
    )
    assert [values[:5] for values in found] == [row]
    assert "arrival_delay" in found[0][5].split(", ")
    assert all(found[0][6:])


def test_every_feature_of_a_dataset_has_one_phrase(
    some_flights: Workspace, models: dict[str, dict[str, Any]]
) -> None:
    keys = {"flight_id", "prediction_at", "label", "label_known_at"}
    datasets = [name for name in models if name.endswith("_dataset")]
    assert datasets
    for name in datasets:
        with_a_phrase = some_flights.query(
            "select feature from features.registry where phrase is not null and list_"
            f"contains(split(used_by, ', '), '{name.removesuffix('_dataset')}')"
        )
        features = set(models[name]["columns"]) - keys
        assert sorted(feature for (feature,) in with_a_phrase) == sorted(features)


def test_phrases_can_be_said_of_every_flight(some_flights: Workspace) -> None:
    """Every phrase is filled for a hundred flights, from its dataset alone."""
    with some_flights.lake() as lake:
        wordings = {
            feature: Wording(unit, said, said_if_null)
            for feature, unit, said, said_if_null in lake.execute(
                "select feature, unit, phrase, phrase_if_null from features.registry"
                " where phrase is not null"
            ).fetchall()
        }
        examples = lake.execute(
            f"select {', '.join(wordings)} from ml.arrival_delay_dataset"
            " order by hash(flight_id) limit 100"
        ).to_arrow_table()
    for values in examples.to_pylist():
        for feature in wordings:
            said = phrase(feature, wordings, values)
            assert len(said.split()) < 20, said


def test_a_placeholder_that_a_dataset_lacks_fails_the_build(tmp_path: Path) -> None:
    project = copy_of_the_project(tmp_path)
    properties = project / "models/features/flights_at_prediction.yml"
    phrases = properties.read_text()
    assert '"no {carrier} arrivals in' in phrases
    properties.write_text(
        phrases.replace('"no {carrier} arrivals in', '"no {tail_number} arrivals in')
    )
    done = Workspace(tmp_path, project).run("dbt", "compile", "--select", "registry")
    assert done.returncode != 0
    assert (
        "features.flights_at_prediction.carrier_arrival_delay_minutes_mean_24h: its "
        "phrase_if_null names {tail_number}, which is no feature of "
        "ml.arrival_delay_dataset; that has carrier, origin," in done.stdout
    )


def test_use_is_followed_to_the_tables_below(some_flights: Workspace) -> None:
    used = dict(
        some_flights.query(
            "select feature, used_by from features.registry "
            "where feature_table = 'carrier_arrivals'"
        )
    )
    assert "arrival_delay" in used["arrival_delay_minutes_total"].split(", ")
    assert used["late_arrivals_total"] == ""


def test_missing_shares_are_those_of_the_table(some_flights: Workspace) -> None:
    share = some_flights.value(
        "select missing_share from features.registry where feature = 'wind_gust_mph'"
        " and feature_table = 'flights_at_prediction'"
    )
    counted = some_flights.value(
        "select avg((wind_gust_mph is null)::integer) "
        "from features.flights_at_prediction"
    )
    assert 0.5 < share < 1
    assert share == pytest.approx(counted, abs=1e-12)


def test_a_feature_that_is_not_registered_fails_the_build(
    some_flights: Workspace, tmp_path: Path
) -> None:
    project = copy_of_the_project(tmp_path)
    problem = project / "models/ml/arrival_delay"
    dataset = problem / "arrival_delay_dataset.sql"
    dataset.write_text(
        dataset.read_text().replace(
            "flights_at_prediction.*,", "flights_at_prediction.*,\n 1 as homemade,"
        )
    )
    properties = problem / "_arrival_delay.yml"
    properties.write_text(
        properties.read_text().replace(
            "      - {name: carrier,",
            "      - {name: homemade, data_type: integer, description: A number.}\n"
            "      - {name: carrier,",
            1,
        )
    )
    shutil.copytree(some_flights.folder / "lake", tmp_path / "lake")
    built = Workspace(tmp_path, project)
    built.landing.symlink_to(some_flights.landing)
    failed = built.run("dbt", "build", "--select", "registry")
    assert failed.returncode == 1
    assert "every_feature_is_registered" in failed.stdout
