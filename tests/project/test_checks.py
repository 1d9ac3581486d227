"""The checks of a version: each is passed by a good one and seen red on a bad one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from conftest import Workspace
from scipy.stats import norm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHECKS = (
    "beats_baseline",
    "calibrated",
    "covers",
    "no_segment_worse_than",
    "fairness_gap_below",
)
DAYS = pd.date_range("2013-06-01", periods=14).date
PER_DAY = 400
BOUNDS = {
    "beats_baseline": 0.02,
    "calibrated": 0.05,
    "covers": 0.05,
    "no_segment_worse_than": 0.05,
    "fairness_gap_below": 0.25,
    "not_worse_than_champion": 0.0,
    "contributions_sum_to_score": 1e-9,
}

Version = pd.DataFrame


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    workspace = Workspace(tmp_path_factory.mktemp("checks"))
    templates = {
        **{check: f"{{{{ {check}('examples') }}}}" for check in CHECKS},
        "not_worse_than_champion": "{{ not_worse_than_champion('pairs') }}",
        "contributions_sum_to_score": "{{ contributions_sum_to_score('models') }}",
        "normal_tail": "select z, {{ normal_tail('z') }} as tail from numbers",
    }
    return workspace.compiled_templates(templates)


def good(seed: int = 0, days: int = len(DAYS), per_day: int = PER_DAY) -> Version:
    """Probabilities as they should be; days differ, and both groups are alike."""
    draw = np.random.default_rng(seed)
    rows = days * per_day
    day = np.repeat(np.arange(days), per_day)
    risk = np.clip(draw.beta(2, 5, rows) + draw.normal(0, 0.03, days)[day], 0.01, 0.99)
    label = (draw.random(rows) < risk).astype(float)
    return pd.DataFrame(
        {
            "entity_id": np.arange(rows).astype(str),
            "resampling_day": np.array(DAYS[:days])[day],
            "group": np.where(draw.random(rows) < 0.3, "A", "B"),
            "prediction": risk,
            "baseline_prediction": label.mean() if rows else 0.3,
            "label": label,
        }
    )


def changed(change: Callable[[Version], Any]) -> Callable[[], Version]:
    def make() -> Version:
        version = good()
        version["prediction"] = np.clip(change(version), 0.001, 0.999)
        return version

    return make


BAD: dict[str, tuple[str, Callable[[], Version]]] = {
    "inverted": ("beats_baseline", changed(lambda v: 1 - v.prediction)),
    "constant": ("beats_baseline", changed(lambda v: v.label.mean())),
    "of other labels": (
        "beats_baseline",
        changed(lambda v: v.prediction.sample(frac=1, random_state=1).to_numpy()),
    ),
    "too sure": ("calibrated", changed(lambda v: v.prediction**3)),
    "too high": ("calibrated", changed(lambda v: v.prediction + 0.12)),
    "unfair": (
        "fairness_gap_below",
        changed(lambda v: v.prediction + np.where(v.group == "A", 0.25, -0.1)),
    ),
    "useless for a group": (
        "no_segment_worse_than",
        changed(lambda v: np.where(v.group == "A", 1 - v.prediction, v.prediction)),
    ),
}


@pytest.fixture
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("create schema ml")
        bounds = pd.DataFrame({"check_name": BOUNDS.keys(), "bound": BOUNDS.values()})
        connection.register("bounds", bounds)
        connection.execute(
            "create table ml.gate_bounds as select 'p' as problem, * from bounds"
        )
        connection.execute(
            "create table ml.problems as select 'p' as problem, 0.8 as coverage"
        )
        times = np.random.default_rng(2013).poisson(1, (200, len(DAYS)))
        drawn = pd.DataFrame(times, columns=DAYS).reset_index(names="replicate")
        drawn = drawn.melt("replicate", None, "resampling_day", "times_drawn")
        connection.register("drawn", drawn)
        connection.execute(
            "create table ml.resampled_days as"
            " select * replace (resampling_day::date as resampling_day) from drawn"
        )
        yield connection


def verdicts(
    engine: duckdb.DuckDBPyConnection, statement: str, **versions: Version
) -> pd.DataFrame:
    """Run a check on some versions; the verdicts by version, then segment."""
    named = [frame.assign(model_id=name) for name, frame in versions.items()]
    engine.register("rows", pd.concat(named))
    engine.execute(
        """
        create or replace temp table examples as
        select
            'p' as problem, * exclude ("group"),
            timestamp '2013-06-01' as prediction_at,
            ['all', 'carrier=' || "group"] as segments,
            -ln(case when label = 1 then prediction else 1 - prediction end) as loss,
            -ln(case when label = 1 then baseline_prediction
                else 1 - baseline_prediction end) as baseline_loss
        from rows
        """
    )
    return engine.sql(statement).df().sort_values(["model_id", "segment"])


@pytest.mark.parametrize("check", [check for check in CHECKS if check != "covers"])
def test_a_good_version_passes(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str], check: str
) -> None:
    found = verdicts(engine, statements[check], good=good(), small=good(1, 3, 40))
    assert set(found.model_id) >= {"good"}
    assert found.passed.all(), found
    assert (found.check_name == check).all()
    assert (found.ci_low <= found.ci_high).all()


@pytest.mark.parametrize("name", BAD)
def test_a_bad_version_fails_the_check_that_is_meant_for_it(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str], name: str
) -> None:
    check, make = BAD[name]
    found = verdicts(engine, statements[check], good=good(), bad=make())
    bad = found[found.model_id == "bad"]
    assert not bad.passed.all(), bad
    # A figure that is the same whatever days are drawn has no p-value and needs none.
    assert bad.p_value.isna().all() or bad.p_value.min() < 0.001
    assert found[found.model_id == "good"].passed.all()


def test_the_figures_are_what_they_say(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    rows = changed(lambda v: v.prediction + 0.1)()
    found = verdicts(engine, statements["fairness_gap_below"], v=rows)
    error = rows.prediction - rows.label
    apart = error - error.groupby(rows.resampling_day).transform("mean")
    expected = apart.groupby(rows.group).mean().abs() / rows.label.std(ddof=0)
    assert found.figure.tolist() == pytest.approx(expected.tolist(), abs=1e-9)
    found = verdicts(engine, statements["calibrated"], v=rows)
    order = np.lexsort((rows.entity_id, rows.prediction))
    bins = np.arange(len(rows)) * 10 // len(rows)
    gaps = error.iloc[order].groupby(bins).sum().abs().sum() / len(rows)
    assert found.figure.tolist() == pytest.approx([gaps], abs=1e-9)


def with_interval(version: Version, half_width: float) -> Version:
    draw = np.random.default_rng(4)
    label = pd.Series(draw.normal(size=len(version)))
    return version.assign(label=label, lower=-half_width, upper=half_width)


@pytest.mark.parametrize(
    ("half_width", "passed"), [(1.2816, True), (0.9, False), (2.2, False)]
)
def test_an_interval_that_covers_too_few_or_too_many_fails(
    engine: duckdb.DuckDBPyConnection,
    statements: dict[str, str],
    half_width: float,
    passed: bool,
) -> None:
    found = verdicts(engine, statements["covers"], v=with_interval(good(), half_width))
    share = norm.cdf(half_width) - norm.cdf(-half_width)
    assert found.figure.tolist() == pytest.approx([abs(share - 0.8)], abs=0.02)
    assert found.passed.tolist() == [passed]


def test_too_small_a_group_is_not_judged(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    version = good()
    small = version.index < 99
    version["group"] = np.where(small, "tiny", version.group)
    version.loc[small, "prediction"] = 1 - version.prediction[small]
    rare = (version.index >= 99) & (version.index < 300)
    version.loc[rare, "group"] = "rare"
    version.loc[rare, "label"] = 0.0
    version.loc[version.index[99:108], "label"] = 1.0
    for check in ("no_segment_worse_than", "fairness_gap_below"):
        found = verdicts(engine, statements[check], v=version)
        assert found.segment.tolist() == ["carrier=A", "carrier=B"]
    version.loc[version.index[108], "label"] = 1.0
    found = verdicts(engine, statements["no_segment_worse_than"], v=version)
    assert "carrier=rare" in found.segment.tolist()


def test_one_day_can_only_be_within_the_bound(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    bad = good(days=1)
    bad["prediction"] = 1 - bad.prediction
    found = verdicts(engine, statements["beats_baseline"], bad=bad, good=good(days=1))
    assert found.passed.tolist() == [False, True]
    assert found.p_value.isna().all()
    assert found.ci_low.isna().all()


def test_no_examples_give_no_verdict(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    nothing = good().iloc[:0]
    for check in CHECKS:
        rows = with_interval(nothing, 1.0) if check == "covers" else nothing
        assert verdicts(engine, statements[check], v=rows).empty


def test_a_challenger_is_compared_on_the_same_days(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    draw = np.random.default_rng(3)
    rows = good()
    loss = draw.gamma(2, 0.2, len(rows))
    days = draw.gamma(2, 0.2, len(DAYS))[np.repeat(np.arange(len(DAYS)), PER_DAY)]
    pairs = pd.DataFrame(
        {
            "problem": "p",
            "resampling_day": rows.resampling_day,
            "incumbent_loss": loss + days,
        }
    )
    for_version = {
        "better": pairs.incumbent_loss - 0.01,
        "same": pairs.incumbent_loss,
        "worse": pairs.incumbent_loss + 0.01,
        "worse by accident": pairs.incumbent_loss + draw.normal(0.001, 0.4, len(rows)),
    }
    frames = [
        pairs.assign(model_id=name, compared_with="first", loss=losses)
        for name, losses in for_version.items()
    ]
    engine.register("pairs", pd.concat(frames))
    found = engine.sql(statements["not_worse_than_champion"]).df()
    passed = dict(zip(found.model_id, found.passed, strict=True))
    assert passed == {
        "better": True,
        "same": True,
        "worse": False,
        "worse by accident": True,
    }
    assert set(found.compared_with) == {"first"}


def test_contributions_must_sum_and_be_known(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    engine.execute(
        "create temp table models as select 'p' as problem, * from (values"
        " ('exact', 1e-12), ('off', 1e-6), ('unknown', null))"
        " as versions (model_id, contribution_error)"
    )
    found = engine.sql(statements["contributions_sum_to_score"]).df()
    passed = dict(zip(found.model_id, found.passed, strict=True))
    assert passed == {"exact": True, "off": False, "unknown": False}


def test_the_normal_tail_is_that_of_scipy(
    engine: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    numbers = pd.DataFrame({"z": np.linspace(-6, 6, 101)})
    engine.register("numbers", numbers)
    found = engine.sql(statements["normal_tail"]).df()
    assert found["tail"].tolist() == pytest.approx(norm.sf(found.z).tolist(), abs=1e-7)
