"""Figures by group, computed in SQL, against Fairlearn and a bootstrap in numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pandas as pd
import pytest
from conftest import Workspace
from fairlearn.metrics import (
    MetricFrame,
    false_positive_rate,
    mean_prediction,
    selection_rate,
    true_positive_rate,
)
from sklearn.metrics import mean_absolute_error, zero_one_loss

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS = pd.date_range("2013-06-01", periods=20).date
REPLICATES = 200
MODELS = ("fairness_days", "fairness")
THRESHOLD = 0.5
METRICS = {
    "selection_rate": selection_rate,
    "true_positive_rate": true_positive_rate,
    "false_positive_rate": false_positive_rate,
    "error_rate": zero_one_loss,
}


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    workspace = Workspace(tmp_path_factory.mktemp("fairness"))
    workspace.succeed("dbt", "-q", "compile", "--target", "lint", "--select", *MODELS)
    return workspace.compiled(*MODELS)


def scored(rows: int = 6000, seed: int = 0) -> pd.DataFrame:
    """Predictions that treat carriers differently; a small one and one never late."""
    draw = np.random.default_rng(seed)
    carrier = draw.choice(
        ["AA", "DL", "UA", "HA", "OO"], rows, p=[0.4, 0.3, 0.24, 0.05, 0.01]
    )
    shift = pd.Series(carrier).map({"AA": 0.1, "DL": 0, "UA": -0.1, "HA": 0, "OO": 0.3})
    prediction = np.clip(draw.beta(3, 4, rows) + shift, 0.01, 0.99)
    label = (draw.random(rows) < prediction * 0.9).astype(float)
    label[carrier == "HA"] = 0
    return pd.DataFrame(
        {
            "resampling_day": np.sort(draw.choice(DAYS, rows)),
            "carrier": carrier,
            "origin": draw.choice(["EWR", "JFK"], rows),
            "prediction": prediction.round(2),
            "label": label,
        }
    )


@pytest.fixture(scope="module")
def drawn() -> pd.DataFrame:
    times = np.random.default_rng(2013).poisson(1, (REPLICATES, len(DAYS)))
    frame = pd.DataFrame(times, columns=DAYS, index=range(1, REPLICATES + 1))
    return (
        frame.rename_axis("replicate")
        .reset_index()
        .melt("replicate", None, "resampling_day", "times_drawn")
    )


@pytest.fixture
def engine(drawn: pd.DataFrame) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.register("drawn", drawn)
        connection.execute(
            f"""
            create schema ml; create schema monitoring;
            create table ml.problems as select * from (values
                ('p', 'binary'), ('q', 'regression')) as problems (problem, task);
            create table monitoring.decision_thresholds as
            select 'm' as model_id, {THRESHOLD} as threshold;
            create table ml.models as select
                'm' as model_id, timestamp '2013-07-01' as cutoff_at,
                '{{"reweigh": "carrier"}}' as declaration;
            create table ml.published_evaluations (
                problem text, model_id text, resampling_day date, segments text[],
                prediction double, label double, loss double);
            create table ml.resampled_days as
            select * replace (
                cast(resampling_day as date) as resampling_day,
                cast(replicate as integer) as replicate
            ) from drawn
            """
        )
        yield connection


def measure(
    engine: duckdb.DuckDBPyConnection,
    statements: dict[str, str],
    rows: pd.DataFrame,
    problem: str = "p",
) -> pd.DataFrame:
    """Build the tables over some evaluations; return what is said of fairness."""
    engine.register("frame", rows.reset_index(names="entity_id"))
    engine.execute(
        f"""
        create or replace table ml.evaluations as
        select
            '{problem}' as problem, 'm' as model_id, 'gate' as split,
            cast(entity_id as varchar) as entity_id,
            timestamp '2013-06-01' as prediction_at,
            cast(resampling_day as date) as resampling_day,
            ['all', 'carrier=' || carrier, 'origin=' || origin] as segments,
            prediction, label, abs(prediction - label) as loss
        from frame
        """
    )
    for model in MODELS:
        engine.execute(
            f"create or replace table monitoring.{model} as {statements[model]}"
        )
    return engine.sql("from monitoring.fairness").df()


def calibration(label: pd.Series, _: pd.Series, probability: pd.Series) -> float:
    return float(mean_prediction(label, probability) - label.mean())


def frame_of(rows: pd.DataFrame, column: str) -> MetricFrame:
    return MetricFrame(
        metrics={**METRICS, "calibration": calibration},
        y_true=rows.label.astype(int),
        y_pred=(rows.prediction >= THRESHOLD).astype(int),
        sensitive_features=rows[column],
        sample_params={"calibration": {"probability": rows.prediction}},
    )


def figures(found: pd.DataFrame, column: str, segment: str) -> pd.DataFrame:
    """Return the rows of a gap or ratio, or one group's, by metric."""
    rows = found[(found.group_column == column) & (found.segment == segment)]
    return rows.set_index("metric")


@pytest.mark.parametrize("column", ["carrier", "origin"])
def test_rates_by_group_are_those_of_fairlearn(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str], column: str
) -> None:
    rows = scored()
    found = measure(engine, statements, rows)
    compared = 0
    for group, rates in frame_of(rows, column).by_group.iterrows():
        values = figures(found, column, f"{column}={group}").value
        for metric, rate in rates.items():
            if group == "HA" and metric == "true_positive_rate":
                assert metric not in values.index  # no true label: Fairlearn says 0
                continue
            assert values[metric] == pytest.approx(rate, abs=1e-12), (group, metric)
            compared += 1
    assert compared == {"carrier": 24, "origin": 10}[column]


@pytest.mark.parametrize("column", ["carrier", "origin"])
def test_gap_and_ratio_are_those_of_fairlearn(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str], column: str
) -> None:
    rows = scored()
    found = measure(engine, statements, rows)
    # HA has no label 1, OO too few examples: neither is judged.
    judged = rows[~rows.carrier.isin(["HA", "OO"])] if column == "carrier" else rows
    expected = frame_of(judged, column)
    gaps, ratios = (figures(found, column, name) for name in ("(gap)", "(ratio)"))
    for metric, by_group in expected.by_group.items():
        gap, ratio = expected.difference()[metric], expected.ratio()[metric]
        assert gaps.value[metric] == pytest.approx(gap, abs=1e-12), metric
        if metric == "calibration":
            assert metric not in ratios.index  # it has a sign
            continue
        assert ratios.value[metric] == pytest.approx(ratio, abs=1e-12), metric
        assert ratios.lowest_segment[metric] == f"{column}={by_group.idxmin()}"
        assert ratios.highest_segment[metric] == f"{column}={by_group.idxmax()}"
    assert gaps.n.unique().tolist() == [len(judged)]


def test_loss_and_bias_are_means_of_the_group(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    rows = scored()
    minutes = rows.assign(prediction=40 * rows.prediction - 5, label=60 * rows.label)
    for problem, frame in {"p": rows, "q": minutes}.items():
        found = measure(engine, statements, frame, problem)
        for carrier, group in frame.groupby("carrier"):
            values = figures(found, "carrier", f"carrier={carrier}").value
            size = mean_absolute_error(group.label, group.prediction)
            assert values["loss"] == pytest.approx(size, abs=1e-12)
            if problem == "q":
                error = (group.prediction - group.label).mean()
                assert values["bias"] == pytest.approx(error, abs=1e-12)
                assert set(values.index) == {"absolute_error", "bias", "loss"}
                assert values["absolute_error"] == values["loss"]


def test_a_group_is_judged_from_100_examples_with_10_of_either_label_on(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    sizes = {
        "A": (100, 10),
        "B": (100, 9),
        "C": (99, 50),
        "D": (100, 90),
        "E": (100, 91),
    }
    rows = pd.concat(
        pd.DataFrame({"carrier": name, "label": [1.0] * ones + [0.0] * (n - ones)})
        for name, (n, ones) in sizes.items()
    ).assign(prediction=0.5, origin="EWR", resampling_day=DAYS[0])
    rows = rows.reset_index(drop=True)
    judged = {"p": {"A", "D"}, "q": {"A", "B", "D", "E"}}
    for problem, expected in judged.items():
        found = measure(engine, statements, rows, problem)
        apart = found.segment.isin(["(gap)", "(ratio)"])
        groups = found[~apart].query("group_column == 'carrier' and is_judged")
        assert {name.removeprefix("carrier=") for name in groups.segment} == expected
        assert groups.ci_low.isna().all()  # of one day
        assert set(found[apart].group_column) == {"carrier"}  # one origin has no gap
        assert set(found[apart].n) == {100 * len(expected)}


def test_intervals_are_those_of_resampled_days(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str], drawn: pd.DataFrame
) -> None:
    rows = scored()
    found = measure(engine, statements, rows)
    selected = (rows.prediction >= THRESHOLD).astype(float)
    by_day = (
        selected.groupby([rows.carrier, rows.resampling_day])
        .agg(["sum", "count"])
        .reset_index()
    )
    joined = by_day.merge(drawn, on="resampling_day")
    weighted = joined[["sum", "count"]].mul(joined.times_drawn, axis=0)
    sums = weighted.groupby([joined.carrier, joined.replicate]).sum()
    rates = (sums["sum"] / sums["count"]).unstack("carrier")
    judged = rates[["AA", "DL", "UA"]]
    for carrier in judged:
        row = figures(found, "carrier", f"carrier={carrier}").loc["selection_rate"]
        expected = rates[carrier].quantile([0.025, 0.975]).tolist()
        assert [row.ci_low, row.ci_high] == pytest.approx(expected, abs=1e-12)
    smallest, largest = judged.min(axis=1), judged.max(axis=1)
    for segment, resampled in {
        "(gap)": largest - smallest,
        "(ratio)": smallest / largest,
    }.items():
        row = figures(found, "carrier", segment).loc["selection_rate"]
        low, high = resampled.quantile([0.025, 0.975])
        expected = [2 * row.value - high, 2 * row.value - low]
        assert [row.ci_low, row.ci_high] == pytest.approx(expected, abs=1e-12)
        assert 0 < row.ci_low < row.value < row.ci_high < 1


def test_the_rows_of_a_version_say_how_it_was_trained(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    found = measure(engine, statements, scored())
    assert found.reweigh.unique().tolist() == ["carrier"]
    assert found.cutoff_at.unique().tolist() == [pd.Timestamp("2013-07-01")]


def test_what_is_no_group_is_not_measured(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    """All examples together are a segment of every evaluation."""
    found = measure(engine, statements, scored())
    assert set(found.group_column) == {"carrier", "origin"}


def test_nothing_measured_gives_no_row(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    assert measure(engine, statements, scored().iloc[:0]).empty
