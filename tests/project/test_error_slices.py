"""Slices in which predictions are worse: planted ones are found, and only these."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pandas as pd
import pytest
from conftest import ROOT, Workspace
from scipy.stats import t as student
from sklearn.linear_model import LogisticRegression

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS = pd.date_range("2013-06-01", periods=60).date
PER_DAY = 150
COLUMNS = {  # whether it is a number
    "carrier": False,
    "origin": False,
    "wind_speed_mph": True,
    "visibility_miles": True,
    "seats": True,
}
_DECLARED = ", ".join(
    f"{{'name': '{name}', 'is_group': false, 'is_number': {str(is_number).lower()}}}"
    for name, is_number in COLUMNS.items()
)

Examples = pd.DataFrame


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What dbt makes of macros and models; the sliced examples are those of a test."""
    folder = ROOT / "models" / "monitoring" / "slices"
    templates = {
        "columns": f"{{{{ column_slices('published', [{_DECLARED}]) }}}}",
        "bounds": "{{ bounds_of_slices('monitoring.slice_columns', ["
        f"{_DECLARED}]) }}}}",
        "members": f"{{{{ members_of_columns([{_DECLARED}], 'bounds') }}}}",
        "slices": "{{ slices('members', 'paired') }}",
        "tail": "select *, {{ normal_tail('z') }} as tail from"
        " (select *, {{ normal_of_t('t', 'freedom') }} as z from numbers)",
        **{
            model: (folder / f"{model}.sql")
            .read_text()
            .replace("{{ ref('sliced_examples') }}", "monitoring.sliced_examples")
            for model in ("slice_days", "slice_comparisons", "error_slices")
        },
    }
    return Workspace(tmp_path_factory.mktemp("slices")).compiled_templates(templates)


@pytest.fixture
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("create schema monitoring")
        yield connection


def good(seed: int = 0, days: int = len(DAYS)) -> Examples:
    """Predictions as they should be; days differ, and columns mean nothing."""
    draw = np.random.default_rng(seed)
    rows = days * PER_DAY
    day = np.repeat(np.arange(days), PER_DAY)
    risk = draw.beta(2, 5, rows) + draw.normal(0, 0.05, days)[day]
    wind = draw.gamma(4, 3, rows) + draw.normal(0, 3, days)[day]
    return pd.DataFrame(
        {
            "resampling_day": np.array(DAYS[:days])[day],
            "prediction": np.clip(risk, 0.01, 0.9),
            "label": (draw.random(rows) < np.clip(risk, 0.01, 0.9)).astype(float),
            "carrier": draw.choice(
                ["AA", "DL", "UA", "YV"], rows, p=[0.3, 0.3, 0.3, 0.1]
            ),
            "origin": draw.choice(["EWR", "JFK", "LGA"], rows),
            "wind_speed_mph": np.where(draw.random(rows) < 0.15, np.nan, wind.round(1)),
            "visibility_miles": draw.choice([2.0, 10.0], rows, p=[0.15, 0.85]),
            "seats": draw.integers(20, 300, rows),
        }
    )


def error_slices(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str], examples: Examples
) -> pd.DataFrame:
    """Build the tables from bins to slices; return what is listed, in order."""
    engine.register("frame", examples.reset_index(names="row"))
    engine.execute(
        "create or replace temp table published as select * replace"
        " (case when isnan(wind_speed_mph) then null else wind_speed_mph end"
        " as wind_speed_mph) from frame"
    )
    places = ", ".join(f"('{name}', {n})" for n, name in enumerate(COLUMNS, start=1))
    engine.execute(
        f"""
        create or replace table monitoring.slice_columns as
        select 'p' as problem, *, true as is_paired
        from (values {places}) as columns (column_name, place)
        left join ({statements["columns"]}) as slices using (column_name);
        create or replace view monitoring.sliced_examples as
        select *, {statements["slices"]} as slices
        from (
            select
                'p' as problem, resampling_day, 1.0 as baseline_loss, bounds.paired,
                -ln(case when label = 1 then prediction else 1 - prediction end)
                    as loss,
                {statements["members"]} as members
            from published as dataset
            cross join ({statements["bounds"]}) as bounds
        );
        create or replace table monitoring.slice_days as {statements["slice_days"]};
        create or replace table monitoring.slice_comparisons as
        {statements["slice_comparisons"]}
        """
    )
    return engine.sql(statements["error_slices"]).df()


def log_loss(examples: Examples) -> pd.Series:
    right = examples.prediction.where(examples.label == 1, 1 - examples.prediction)
    return -np.log(right)


LOW_VISIBILITY = "visibility_miles=(-inf, 10.0)"


def planted(examples: Examples) -> dict[str, pd.Series]:
    return {
        "carrier=YV": examples.carrier == "YV",
        f"origin=EWR & {LOW_VISIBILITY}": (examples.origin == "EWR")
        & (examples.visibility_miles == 2),
        "wind_speed_mph=null": examples.wind_speed_mph.isna(),
    }


@pytest.mark.parametrize("seed", range(5))
def test_planted_slices_are_the_first_three(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str], seed: int
) -> None:
    examples = good(seed)
    rows = pd.concat(planted(examples), axis=1).any(axis=1)
    examples.loc[rows, "prediction"] = 1 - examples.prediction[rows]
    found = error_slices(engine, statements, examples)
    assert set(found.slice[:3]) == set(planted(examples))
    assert found.place.tolist() == list(range(1, len(found) + 1))
    assert (found.lift[:3] > 1.5).all()
    assert (found.corrected_p_value < 0.05).all()


@pytest.mark.parametrize("slice_", list(planted(good())))
def test_a_planted_slice_comes_first_and_its_parts_are_not_listed(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str], slice_: str
) -> None:
    examples = good(3)
    rows = planted(examples)[slice_]
    examples.loc[rows, "prediction"] = 1 - examples.prediction[rows]
    found = error_slices(engine, statements, examples)
    assert found.slice[0] == slice_
    # What else is listed holds the slice: origin=EWR, say, because of low visibility.
    assert set(found.slice[1:]) <= set(slice_.split(" & "))


@pytest.mark.parametrize("seed", range(6))
def test_shuffled_labels_give_none(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str], seed: int
) -> None:
    examples = good(seed)
    assert error_slices(engine, statements, examples).empty
    shuffled = examples.label.sample(frac=1, random_state=seed).to_numpy()
    found = error_slices(engine, statements, examples.assign(label=shuffled))
    assert found.empty
    tried = engine.sql("select distinct slice from monitoring.slice_comparisons")
    assert len(tried.fetchall()) > 80


@pytest.mark.parametrize("seed", range(3))
def test_a_model_of_shuffled_labels_is_bad_everywhere(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str], seed: int
) -> None:
    """Its predictions do vary with the columns, which say nothing of the label."""
    examples = good(seed, 60)
    examples["label"] = examples.label.sample(frac=1, random_state=seed).to_numpy()
    features = pd.get_dummies(
        examples[["carrier", "origin", "visibility_miles", "seats"]]
    )
    is_fitted_on = np.arange(len(examples)) < 1500
    model = LogisticRegression(max_iter=2000).fit(
        features[is_fitted_on], examples.label[is_fitted_on]
    )
    examples["prediction"] = model.predict_proba(features)[:, 1]
    found = error_slices(engine, statements, examples[~is_fitted_on])
    assert examples.groupby("carrier").prediction.mean().nunique() == 4
    assert found.empty, found


def test_a_few_bad_days_are_no_slice(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    """Row by row the slice is worse beyond doubt; but it is a matter of 12 days."""
    examples = good(4)
    day = np.repeat(np.arange(len(DAYS)), PER_DAY)
    examples.loc[day < 12, "carrier"] = "storm"
    bad = np.random.default_rng(0).random(len(examples)) < np.isin(day, [3, 8])
    examples.loc[bad, "prediction"] = 1 - examples.prediction[bad]
    loss = log_loss(examples)
    storm = examples.carrier == "storm"
    difference = loss[storm].mean() - loss[~storm].mean()
    error = np.hypot(
        loss[storm].std() / storm.sum() ** 0.5,
        loss[~storm].std() / (~storm).sum() ** 0.5,
    )
    assert difference / error > 6
    assert error_slices(engine, statements, examples).empty


def test_the_p_value_is_that_of_days(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    examples = good(5)
    rows = examples.carrier == "YV"
    examples.loc[rows, "prediction"] = 0.6 * examples.prediction[rows] + 0.3
    found = error_slices(engine, statements, examples).set_index("slice")
    loss = log_loss(examples)
    influence = np.where(
        rows,
        (loss - loss[rows].mean()) / rows.sum(),
        -(loss - loss[~rows].mean()) / (~rows).sum(),
    )
    of_days = pd.Series(influence).groupby(examples.resampling_day).sum()
    error = np.sqrt((of_days**2).sum() * len(DAYS) / (len(DAYS) - 1))
    sizes = rows.groupby(examples.resampling_day).sum()
    freedom = sizes.sum() ** 2 / (sizes**2).sum() - 1
    p_value = student.sf((loss[rows].mean() - loss[~rows].mean()) / error, freedom)
    row = found.loc["carrier=YV"]
    assert row.p_value == pytest.approx(p_value, rel=0.1)
    assert row.corrected_p_value == pytest.approx(
        row.p_value * row.slices_tried, rel=1e-9
    )  # the smallest is multiplied by the number of all slices
    assert (row.n, row.loss) == (rows.sum(), pytest.approx(loss[rows].mean()))
    assert row.lift == pytest.approx(loss[rows].mean() / loss[~rows].mean())


def test_what_is_compared_on_few_days_has_few_days(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    """Whether it is the slice that is of few days, or the rest."""
    examples = good(8, 12)
    examples["carrier"] = np.where(examples.resampling_day < DAYS[3], "YV", "AA")
    error_slices(engine, statements, examples)
    loss = log_loss(examples)
    day, means = examples.resampling_day, loss.groupby(examples.carrier)
    errors = loss - means.transform("mean")
    of_days = (errors / means.transform("size")).groupby(day).sum()
    error = np.sqrt((of_days**2).sum() * 12 / 11)
    t = (means.mean()["YV"] - means.mean()["AA"]) / error
    compared = engine.execute(
        "select slice, days, effective_days, t from monitoring.slice_comparisons"
        " where slice like 'carrier=%' and slice not like '%&%' order by slice"
    ).fetchall()
    assert compared == [
        ("carrier=AA", 9, 3, pytest.approx(-t, rel=1e-9)),
        ("carrier=YV", 3, 3, pytest.approx(t, rel=1e-9)),
    ]


def test_a_slice_that_is_the_whole_of_its_part_is_not_listed_beside_it(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    examples = good(3)
    rows = examples.carrier == "YV"
    examples.loc[rows, "origin"] = "EWR"
    examples.loc[rows, "prediction"] = 1 - examples.prediction[rows]
    found = error_slices(engine, statements, examples)
    assert found.slice[0] == "carrier=YV"
    tried = engine.execute(
        "select count(*), count(t) from monitoring.slice_comparisons"
        " where slice = 'carrier=YV & origin=EWR'"
    ).fetchall()
    assert tried == [(3, 2)]
    assert "carrier=YV & origin=EWR" not in set(found.slice)


def test_bins_lie_between_quintiles_and_a_frequent_value_has_its_own(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    examples = good(6)
    error_slices(engine, statements, examples)
    found = engine.execute(
        "select column_name, edges, slice_values from monitoring.slice_columns"
    ).fetchall()
    edges, values = ({row[0]: row[place] for row in found} for place in (1, 2))
    shares = [0.2, 0.4, 0.6, 0.8]
    for name in ("wind_speed_mph", "seats"):
        known = examples[name].dropna().astype(float)
        first, second, third, last = np.quantile(known, shares, method="inverted_cdf")
        assert edges[name] == [first, second, third, last]
        assert values[name] == [
            "null",
            f"(-inf, {first}]",
            f"({first}, {second}]",
            f"({second}, {third}]",
            f"({third}, {last}]",
            f"({last}, inf)",
        ]
    assert values["carrier"] == ["null", "AA", "DL", "UA", "YV"]
    assert (edges["carrier"], edges["visibility_miles"]) == (None, [10.0] * 4)
    wind = examples.wind_speed_mph
    bins = np.searchsorted(edges["wind_speed_mph"], wind, side="left") + 2
    expected = (3_000_000 + pd.Series(bins).mask(wind.isna(), 1)).value_counts()
    counted = engine.execute(
        "select slices[4].first_member, count(*) from monitoring.sliced_examples "
        "group by 1"
    ).fetchall()
    assert dict(counted) == expected.to_dict()


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        # Quintiles 0, 0, 0, 1: no rain, and what is below, beside and above.
        (
            {-1.0: 100, 0.0: 700, 0.5: 100, 1.0: 150, 2.0: 150},
            {"(-inf, 0.0)": 100, "0.0": 700, "(0.0, 1.0]": 250, "(1.0, inf)": 150},
        ),
        # Quintiles 1, 2, 2, 3.
        (
            {1.0: 300, 1.5: 100, 2.0: 400, 2.5: 100, 3.0: 150, 4.0: 150},
            {
                "(-inf, 1.0]": 300,
                "(1.0, 2.0)": 100,
                "2.0": 400,
                "(2.0, 3.0]": 250,
                "(3.0, inf)": 150,
            },
        ),
        ({7.0: 200}, {"7.0": 200}),
        ({None: 120, 3.0: 80, 5.0: 120}, {"null": 120, "3.0": 0, "5.0": 120}),
        ({None: 200}, {"null": 200}),
    ],
)
def test_what_is_two_quintiles_is_a_slice(
    engine: duckdb.DuckDBPyConnection,
    statements: dict[str, str],
    drawn: dict[float | None, int],
    expected: dict[str, int],
) -> None:
    values = [value for value, count in drawn.items() for _ in range(count)]
    examples = good(1, 10).iloc[: len(values)]
    error_slices(engine, statements, examples.assign(wind_speed_mph=values))
    found = engine.execute(
        "select slice, sum(n) from monitoring.slice_days where second_part is null "
        "and slice like 'wind_speed_mph=%' group by slice"
    ).fetchall()
    kept = {value: count for value, count in expected.items() if count >= 100}
    assert {
        slice_.removeprefix("wind_speed_mph="): int(n) for slice_, n in found
    } == kept


@pytest.mark.parametrize("days", [0, 1, 9])
def test_few_days_say_nothing(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str], days: int
) -> None:
    examples = good(7, days)
    rows = examples.carrier == "YV"
    examples.loc[rows, "prediction"] = 1 - examples.prediction[rows]
    assert error_slices(engine, statements, examples).empty


def test_the_tail_of_t_is_that_of_scipy_and_never_too_small(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    grid = np.meshgrid(np.linspace(-8, 8, 33), [9, 20, 60, 180])
    numbers = pd.DataFrame({"t": grid[0].ravel(), "freedom": grid[1].ravel()})
    engine.register("numbers", numbers)
    found = engine.sql(statements["tail"]).df()
    expected = student.sf(found.t, found.freedom)
    assert found["tail"].tolist() == pytest.approx(expected.tolist(), rel=0.1, abs=1e-7)
    far = found.t >= 3
    assert (found["tail"][far] > expected[far] - 1e-7).all()
