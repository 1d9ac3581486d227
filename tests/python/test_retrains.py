"""The retrains by which the gate is measured: how days are drawn, and the interval."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from click.testing import CliRunner
from scipy.stats import binomtest

from benchmarks import retrains
from benchmarks.gate import Verdict
from benchmarks.retrains import exact_interval, on_drawn_days


def examples(days: int, per_day: int) -> pa.Table:
    begin = datetime(2013, 6, 1)
    return pa.table(
        {
            "prediction_at": [
                begin + timedelta(days=day, hours=5 * place)
                for day in range(days)
                for place in range(per_day)
            ],
            "number": range(days * per_day),
        }
    )


def day_counts(drawn: pa.Table) -> Counter[object]:
    return Counter(at.date() for at in drawn["prediction_at"].to_pylist())


def test_nine_tenths_of_the_days_are_whole_and_in_order() -> None:
    drawn = on_drawn_days(examples(20, 4), 1, 0.9, False)
    assert sorted(day_counts(drawn).values()) == [4] * 18
    numbers = drawn["number"].to_pylist()
    assert numbers == sorted(numbers)
    other = on_drawn_days(examples(20, 4), 2, 0.9, False)
    assert day_counts(other) != day_counts(drawn)
    assert on_drawn_days(examples(20, 4), 1, 0.9, False).equals(drawn)


def test_days_that_are_put_back_come_as_often_as_they_are_drawn() -> None:
    drawn = on_drawn_days(examples(20, 4), 1, 1.0, True)
    assert drawn.num_rows == 80
    counts = day_counts(drawn)
    assert len(counts) < 20
    assert {count % 4 for count in counts.values()} == {0}
    repeated = Counter(drawn["number"].to_pylist())
    assert max(repeated.values()) > 1


def test_all_days_are_the_examples_themselves() -> None:
    assert on_drawn_days(examples(3, 2), 1, 1.0, False).equals(examples(3, 2))


@pytest.mark.parametrize(("stopped", "n"), [(0, 32), (1, 32), (7, 20), (32, 32)])
def test_the_interval_is_that_of_scipy(stopped: int, n: int) -> None:
    exact = binomtest(stopped, n).proportion_ci(0.95, "exact")
    assert exact_interval(stopped, n) == pytest.approx((exact.low, exact.high))


def test_the_summary_counts_those_stopped_and_by_which_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stopped = Verdict(False, "before", {"calibrated": 0.01, "covers": None}, 0.1, 0, "")
    good = Verdict(True, "before", {}, -0.1, 1, "")
    verdicts = [(1, "the month before", stopped), (2, "the month before", good)]
    monkeypatch.setattr(retrains, "compiled_models", lambda *_: {})
    monkeypatch.setattr(retrains, "open_lake", lambda _: nullcontext())
    monkeypatch.setattr(retrains.Cutoff, "read", lambda *_: None)
    monkeypatch.setattr(retrains, "judged", lambda *_: iter(verdicts))
    done = CliRunner().invoke(retrains.main, ["--days", "the same days"])
    assert done.exit_code == 0, done.output
    (summary,) = [line for line in done.output.splitlines() if " to " in line]
    low, high = exact_interval(4, 8)
    assert " ".join(summary.split()) == (
        "the same days the month before 4 8 "
        f"{100 * low:.1f} to {100 * high:.1f} % calibrated 4, covers 4"
    )
