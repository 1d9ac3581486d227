"""The figures of drift against scipy, and what its models must bear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from conftest import Workspace
from drift_engine import DriftModels, drift_models
from scipy import stats
from scipy.stats.contingency import association

from benchmarks.drift import MODELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

WEEKS = pd.date_range("2013-01-07", periods=6, freq="7D")
LIVE = WEEKS[-1]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> DriftModels:
    workspace = Workspace(tmp_path_factory.mktemp("drift"))
    workspace.succeed("dbt", "-q", "compile", "--target", "lint", "--select", *MODELS)
    return drift_models(workspace)


@pytest.fixture
def engine(models: DriftModels) -> Iterator[DuckDBPyConnection]:
    with models.engine() as connection:
        yield connection


def samples() -> dict[str, list[pd.Series]]:
    """Numbers with ties and gaps, names, what is constant, missing or few: by week."""
    draw = np.random.default_rng(7)
    weeks = range(len(WEEKS))

    def numbers(week: int) -> pd.Series:
        values = pd.Series(np.round(draw.normal(0.3 * week, 2, 300 + 20 * week), 1))
        return values.where(draw.random(len(values)) > 0.02 * week)

    def names(week: int) -> pd.Series:
        shares = [0.6, 0.3 - 0.05 * week, 0.05, 0.05 + 0.05 * week]
        values = pd.Series(draw.choice([*"ABCD"], 200, p=shares))
        return values.replace("C", None if week % 2 else "C")

    def until(last: list[float]) -> list[pd.Series]:
        usual = [pd.Series(draw.normal(size=80)) for _ in weeks[1:]]
        return [*usual, pd.Series(last * 80)]

    return {
        "numbers": [numbers(week) for week in weeks],
        "ties": [pd.Series(draw.integers(0, 3, 150) * 1.0) for _ in weeks],
        "constant": [pd.Series([4.0] * 50) for _ in weeks],
        "stuck": until([0.1]),
        "apart": until([99.0]),
        "gone": until([np.nan]),
        "one row": [pd.Series([float(week)]) for week in weeks],
        "never there": [pd.Series([np.nan] * 30) for _ in weeks],
        "names": [names(week) for week in weeks],
        "new name": [
            pd.Series([*("AAB" if week < 5 else "AAZ")] * 9) for week in weeks
        ],
    }


def measured(engine: DuckDBPyConnection, models: DriftModels) -> pd.DataFrame:
    """Return drift_distances of the samples, by feature and week."""
    counts = pd.concat(
        pd.DataFrame({"value": values.astype(object), "feature": name, "week": week})
        for name, by_week in samples().items()
        for week, values in zip(WEEKS, by_week, strict=True)
    )
    engine.register("counts", counts.astype({"value": "string"}))
    engine.execute(
        "create table monitoring.drift_counts as select 'p' as problem,"
        " '' as model_id, feature, feature like '%name%' as is_category,"
        " cast(week as timestamp) as week_from_at,"
        " case when not is_category then cast(value as double) end as cell,"
        " case when is_category then coalesce(value, '') else '' end as category,"
        " count(*) as n from counts group by all"
    )
    engine.register("weeks", pd.DataFrame({"week": WEEKS}))
    engine.execute(
        "create table monitoring.drift_weeks as select 'p' as problem, 'm' as model_id,"
        " true as is_of_features, cast(week as timestamp) as week_from_at,"
        f" week < timestamp '{LIVE}' as is_reference from weeks"
    )
    models.build(engine, "drift_bins", "drift_distances")
    return engine.sql("from monitoring.drift_distances").df()


def psi(week: pd.Series, others: pd.Series, reference: pd.Series) -> float:
    """Compute PSI anew: tenths of the reference, or names; missing apart."""
    if week.dtype.kind == "f":
        ordered = np.sort(reference.dropna())

        def binned(values: pd.Series) -> pd.Series:
            below = np.searchsorted(ordered, values, side="left") * 10
            tenth = np.minimum(below // max(len(ordered), 1), 9)
            return pd.Series(np.where(values.isna(), -1, tenth))
    else:

        def binned(values: pd.Series) -> pd.Series:
            return values.fillna("missing")

    shares = pd.DataFrame(
        {
            "week": binned(week).value_counts(normalize=True),
            "others": binned(others).value_counts(normalize=True),
        }
    )
    shares = shares.fillna(0).clip(lower=1e-4)
    return float(
        ((shares.week - shares.others) * np.log(shares.week / shares.others)).sum()
    )


def test_sql_equals_scipy(engine: DuckDBPyConnection, models: DriftModels) -> None:
    found = measured(engine, models).set_index(["feature", "week_from_at"])
    compared = 0
    for name, by_week in samples().items():
        for number, week in enumerate(by_week):
            others = pd.concat(other for other in by_week[:-1] if other is not week)
            row = found.loc[name, WEEKS[number]]
            reference = pd.concat(by_week[:-1])
            assert row.n == len(week)
            assert row.others_n == len(others)
            assert row.missing_share == pytest.approx(week.isna().mean(), abs=1e-15)
            assert row.psi == pytest.approx(psi(week, others, reference), abs=1e-12), (
                name
            )
            if "name" in name:
                table = pd.crosstab(
                    np.repeat(["week", "others"], [len(week), len(others)]),
                    pd.concat([week, others]).fillna("missing").to_numpy(),
                )
                test = stats.chi2_contingency(table, correction=False)
                assert row.chi_squared == pytest.approx(test.statistic, abs=1e-10)
                assert row.distance == pytest.approx(association(table), abs=1e-12)
                assert np.isnan(row.ks)
            elif week.notna().any() and others.notna().any():
                both = week.dropna(), others.dropna()
                ks = stats.ks_2samp(*both, method="asymp").statistic
                sides = (
                    stats.ks_2samp(*both, alternative=side, method="asymp").statistic
                    for side in ("greater", "less")
                )
                assert row.ks == pytest.approx(ks, abs=1e-12), name
                assert row.distance == pytest.approx(sum(sides), abs=1e-12), name
                assert np.isnan(row.chi_squared)
            else:
                assert np.isnan(row.ks)
                assert np.isnan(row.distance)
            compared += 1
    assert compared == len(found) == 60


def test_p_values_are_those_of_a_next_observation(
    engine: DuckDBPyConnection, models: DriftModels
) -> None:
    """Student's t for one more week beside those of the reference, as scipy has it."""
    found = measured(engine, models)
    models.build(engine, "drift_tests")
    tests = engine.sql("from monitoring.drift_tests").df().set_index("feature")
    assert set(tests.week_from_at) == {LIVE}

    def tail(values: pd.Series, least: float, sides: int) -> float:
        *usual, now = values
        if len(usual) < 2 or np.isnan(now):
            return np.nan
        spread = max(np.std(usual, ddof=1), least) * np.sqrt(1 + 1 / len(usual))
        t = (now - np.mean(usual)) / spread
        return float(sides * stats.t.sf(abs(t) if sides == 2 else t, len(usual) - 1))

    for name, rows in found.sort_values("week_from_at").groupby("feature"):
        limited = np.minimum(np.maximum(rows.distance, rows.n**-0.5), 1 - 0.5 / rows.n)
        odds = np.log(limited / (1 - limited)).where(rows.distance.notna())
        usual, now = odds.iloc[:-1].dropna(), odds.iloc[-1:]
        by_distance = tail(pd.concat([usual, now]), 0.25, 1)
        missing = rows.missing_share
        by_missing = np.nan
        if missing.sum() > 0:
            by_missing = tail(missing, 0.5 / np.sqrt(rows.n.iloc[-1]), 2)
        both = [p for p in (by_distance, by_missing) if not np.isnan(p)]
        if not both:
            assert np.isnan(tests.p_value[name]), name
            continue
        expected = min(1, len(both) * min(both))
        assert tests.p_value[name] == pytest.approx(expected, rel=0.05, abs=1e-6), name
    assert tests.p_value["constant"] > 0.4
    assert tests.p_value[["stuck", "apart", "gone", "new name"]].max() < 0.01


def test_nothing_is_no_drift(engine: DuckDBPyConnection, models: DriftModels) -> None:
    """No row anywhere; then examples, but no version in force yet."""
    models.build(engine)
    engine.execute(
        "insert into gold.clock by name select timestamp '2013-06-03' as clock_at;"
        "insert into ml.cancellation_dataset by name select 'F' as flight_id,"
        " timestamp '2013-01-03' + to_days(cast(i as integer)) as prediction_at,"
        " 'UA' as carrier, i as temperature_f from range(100) as days (i)"
    )
    models.build(engine)
    for name in ("drift_steps", "drift_weeks", "drift"):
        assert engine.table(f"monitoring.{name}").shape[0] == 0


def test_a_week_without_flights_has_its_rows_and_no_alert(
    engine: DuckDBPyConnection, models: DriftModels
) -> None:
    engine.execute(
        """
        insert into gold.clock by name select timestamp '2013-03-05' as clock_at;
        insert into ml.models by name select
            'cancellation' as problem, 'm' as model_id, 1 as attempt,
            timestamp '2013-02-11' as cutoff_at, timestamp '2013-02-11' as available_at,
            timestamp '2013-02-04' as calibration_from_at;
        insert into ml.champions by name select
            problem, model_id, cutoff_at as from_at from ml.models;
        insert into ml.importances by name select
            problem, model_id, unnest(['temperature_f', 'carrier', 'seats']) as feature,
            0.5 as gain_share from ml.models;
        insert into ml.cancellation_dataset by name select
            cast(i as varchar) as flight_id, 'UA' as carrier,
            timestamp '2013-01-02' + to_hours(i) as prediction_at,
            i % 24 as temperature_f
        from range(24 * 70) as hours (i)
        where prediction_at not between '2013-02-18' and '2013-02-24 23:59'
        """
    )
    models.build(engine)
    rows = engine.sql(
        "select week_from_at, feature, n, psi, p_value, is_alert from monitoring.drift"
    ).df()
    assert rows.week_from_at.nunique() == 3
    assert len(rows) == 3 * 4
    assert not rows.is_alert.any()
    empty = rows.week_from_at == "2013-02-18"
    assert (rows.n[empty] == 0).all()
    assert rows.psi[empty].isna().all()
    filled = rows[~empty].set_index("feature")
    assert (filled.n[["temperature_f", "carrier"]] == 24 * 7).all()
    assert filled.psi["temperature_f"].to_list() == [0, 0]
    assert filled.p_value[["temperature_f", "carrier"]].min() > 0.4
    assert filled.n[["seats", "(prediction)"]].sum() == 0


def steps_of(engine: DuckDBPyConnection) -> dict[str, float]:
    return dict(
        engine.sql("select feature, step from monitoring.drift_steps").fetchall()
    )


TWO_VERSIONS = """
    insert into ml.models by name select
        'cancellation' as problem, unnest(['m', 'n']) as model_id, 1 as attempt,
        unnest([timestamp '2013-02-01', timestamp '2013-03-01']) as cutoff_at,
        cutoff_at as available_at,
        cutoff_at - interval 7 day as calibration_from_at
"""


def test_the_grid_is_that_of_the_first_version(
    engine: DuckDBPyConnection, models: DriftModels
) -> None:
    """Of 0 to 200 98 % span 196; neither later values nor a later version move it."""
    engine.execute(
        f"""
        {TWO_VERSIONS};
        insert into ml.cancellation_dataset by name select
            timestamp '2013-01-01' as prediction_at, i as temperature_f,
            case when i = 0 then 1e9 else 0.3 end as dew_point_f,
            7 as pressure_millibars
        from range(201) as numbers (i);
        insert into ml.cancellation_dataset by name select
            timestamp '2013-02-01' as prediction_at, 5e6 as temperature_f
        from range(900);
        insert into ml.scores by name select
            'cancellation' as problem, unnest(['m', 'n']) as model_id,
            timestamp '2013-01-30' as prediction_at, i / 50 as prediction
        from range(51) as numbers (i);
        """
    )
    models.build(engine)
    steps = steps_of(engine)
    assert steps["temperature_f"] == 1.0
    assert steps["dew_point_f"] == 1e6  # 98 % are alike: the whole span
    assert steps["pressure_millibars"] == 0.01
    assert steps["visibility_miles"] == 0.01  # never there
    assert steps["(prediction)"] == 0.01


def test_the_grid_spans_what_numpy_finds(
    engine: DuckDBPyConnection, models: DriftModels
) -> None:
    """Numbers of all sizes and signs, of which some are missing or not finite."""
    draw = np.random.default_rng(3)
    rows = 3_000
    samples = {
        "temperature_f": draw.normal(0, 3e-9, rows),
        "dew_point_f": draw.lognormal(2, 2, rows),
        "relative_humidity_percent": -draw.pareto(1.2, rows) * 1e12,
        "wind_speed_mph": 1013 + draw.normal(0, 4, rows),
        "wind_gust_mph": np.where(
            draw.random(rows) < 0.03, np.inf, draw.normal(size=rows)
        ),
        "precipitation_inches": np.where(
            draw.random(rows) < 0.4, np.nan, draw.random(rows)
        ),
        "pressure_millibars": draw.choice([0, -1e308, 1e308], rows, p=[0.9, 0.05, 0.05])
        / 4,
        "visibility_miles": np.full(rows, 3e-7),
    }
    examples = pd.DataFrame(samples).assign(prediction_at=pd.Timestamp("2013-01-01"))
    engine.register("examples", examples)
    engine.execute(
        f"{TWO_VERSIONS};"
        "insert into ml.cancellation_dataset by name from examples;"
        "insert into ml.cancellation_dataset by name"
        " select prediction_at from examples limit 100"  # nothing but missing values
    )
    models.build(engine, "drift_steps")
    steps = steps_of(engine)
    for name, values in samples.items():
        finite = values[np.isfinite(values)]
        low, high = np.quantile(finite, [0.01, 0.99], method="inverted_cdf")
        spread = high - low or abs(high)
        assert steps[name] == pytest.approx(10 ** np.floor(np.log10(spread)) / 100), (
            name
        )
