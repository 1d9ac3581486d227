from __future__ import annotations

from datetime import date, datetime

from python_ml.problem import Problem
from python_ml.stretches import Stretches


def before(cutoff: datetime, **days: int) -> Stretches:
    declaration = {
        "name": "p",
        "task": "binary",
        "label": "l",
        "prediction_time": "t",
        "label_known": "k",
        "entity": ["e"],
        "first_cutoff": date(2013, 1, 1),
        **days,
    }
    return Stretches.before(cutoff, Problem.from_declaration(declaration))


def test_gate_and_calibration_end_where_the_next_stretch_begins() -> None:
    assert before(datetime(2013, 3, 1)) == Stretches(
        calibration_from=datetime(2013, 1, 25),  # 21 days before the gate
        gate_from=datetime(2013, 2, 15),  # 14 days before the cut-off
        cutoff=datetime(2013, 3, 1),
    )


def test_declared_days_are_used_across_a_year() -> None:
    assert before(datetime(2013, 1, 1), calibration_days=3, gate_days=1) == Stretches(
        datetime(2012, 12, 28), datetime(2012, 12, 31), datetime(2013, 1, 1)
    )


def test_the_last_stretch_ends_with_the_cutoff() -> None:
    assert before(datetime(2013, 3, 1)).ends() == [
        datetime(2013, 1, 25),
        datetime(2013, 2, 15),
        datetime(2013, 3, 1),
    ]


def test_the_last_week_of_the_calibration_decides_about_a_calibrator() -> None:
    stretches = before(datetime(2013, 3, 1))
    assert stretches.calibrator_check_from == datetime(2013, 2, 8)
    short = before(datetime(2013, 3, 1), calibration_days=4)
    assert short.calibrator_check_from == datetime(2013, 2, 13)
