"""The architecture, read off dbt's manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

PERMITTED = {
    "bronze": {"source", "bronze"},
    "silver": {"bronze", "silver", "seeds"},
    "gold": {"silver", "gold"},
    "features": {"silver", "gold", "features"},
    "ml": {"features", "gold", "ml"},
    "monitoring": {"ml", "features", "gold", "monitoring"},
    "marts": {"ml", "gold", "marts"},
}
Models = dict[str, dict[str, Any]]


def parents(manifest: dict[str, Any], node: dict[str, Any]) -> list[dict[str, Any]]:
    known = {**manifest["nodes"], **manifest["sources"]}
    return [known[name] for name in node["depends_on"]["nodes"]]


def layer(node: dict[str, Any]) -> str:
    return "source" if node["resource_type"] == "source" else node["schema"]


def test_layers_read_downwards_only(manifest: dict[str, Any], models: Models) -> None:
    wrong = [
        f"{layer(node)}.{name} reads {layer(parent)}.{parent['name']}"
        for name, node in models.items()
        for parent in parents(manifest, node)
        if layer(parent) not in PERMITTED[layer(node)]
    ]
    assert models
    assert wrong == []


def test_a_model_lies_in_the_folder_of_its_layer(models: Models) -> None:
    for name, node in models.items():
        folder = node["original_file_path"].split("/")[1]
        assert folder == layer(node), name


def test_relation_names_are_unique_over_the_project(manifest: dict[str, Any]) -> None:
    names = [
        node["alias"]
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed")
    ]
    assert sorted(names) == sorted(set(names))


def test_bronze_is_read_only_where_the_clock_is_applied(
    manifest: dict[str, Any], models: Models
) -> None:
    readers = {
        name
        for name, node in models.items()
        if layer(node) != "bronze"
        and any(layer(parent) == "bronze" for parent in parents(manifest, node))
    }
    # A parsed_ model is a step of those that read it; rejected_records holds no facts.
    assert readers == {
        "parsed_flights",
        "weather_observations",
        "aircraft",
        "parsed_decisions",
        "rejected_records",
    }
    readers_of_a_step = {
        (parent["name"], name)
        for name, node in models.items()
        for parent in parents(manifest, node)
        if parent["name"].startswith("parsed_")
    }
    assert readers_of_a_step == {
        ("parsed_flights", "typed_flights"),
        ("parsed_decisions", "decisions"),
        ("parsed_decisions", "rejected_records"),
    }
    for name in ("typed_flights", "weather_observations", "aircraft", "decisions"):
        assert "macro.goldleaf.is_known" in models[name]["depends_on"]["macros"], name


def test_only_the_macros_speak_duckdb(models: Models) -> None:
    for name, node in models.items():
        code = node["raw_code"].lower()
        for word in ("asof", "qualify", "::", "try_cast", "timezone(", "read_blob"):
            assert word not in code, f"{name} holds {word}"


def test_features_are_read_through_the_macros_or_at_their_own_prediction_time(
    manifest: dict[str, Any], models: Models
) -> None:
    around = {
        (parent["name"], name)
        for name, node in models.items()
        for parent in parents(manifest, node)
        if layer(parent) == "features"
        and parent["config"]["materialized"] != "ephemeral"  # a step of its reader
        and f"ref('{parent['name']}')" in node["raw_code"]
        and "prediction_at" not in parent["columns"]
    }
    # Which flights there are is read off their schedules, their features are not.
    assert around == {("flight_schedule", "flights_at_prediction")}
    made = {
        key.removeprefix("feature ")
        for key in models["flights_at_prediction"]["config"]["meta"]
    }
    columns = set(models["flights_at_prediction"]["columns"])
    assert len(columns) > 40
    assert columns - made == {"flight_id", "prediction_at"}


def test_every_relation_says_its_grain_and_tests_it(
    manifest: dict[str, Any], models: Models
) -> None:
    tested = {
        node["attached_node"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and (node.get("test_metadata") or {}).get("name") in ("unique_by", "has_rows")
    }
    for name, node in models.items():
        assert node["description"].startswith("One row"), name
        if node["config"]["materialized"] != "ephemeral":
            assert node["unique_id"] in tested, f"{name}: no test of its grain"


def test_what_people_query_has_an_enforced_contract(models: Models) -> None:
    for name, node in models.items():
        config = node["config"]
        if layer(node) == "bronze" or config["materialized"] == "ephemeral":
            continue  # bronze takes whatever columns are delivered
        if node["language"] == "python":
            continue  # dbt has no contracts for Python models: SQL models publish them
        assert config["contract"]["enforced"], name


def test_gold_marts_and_the_tables_of_the_interface_are_public(models: Models) -> None:
    layers = ("gold", "marts")
    names = {name for name, node in models.items() if layer(node) in layers}
    names |= {"models", "metrics", "champions", "predictions", "arrival_delay_dataset"}
    for name in names - {"clock", "outlook_counts"}:
        assert models[name]["config"]["access"] == "public", name


def test_one_properties_file_beside_each_model(models: Models) -> None:
    for name, node in models.items():
        patch = (node["patch_path"] or "").removeprefix("goldleaf://")
        model = Path(node["original_file_path"])
        own = model.with_suffix(".yml")
        of_problem = model.parent / f"_{model.parent.name}.yml"
        assert patch in (str(own), str(of_problem)), name
