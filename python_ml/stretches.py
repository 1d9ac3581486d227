"""The three stretches of time before a cut-off: fit, calibration, gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from python_ml.problem import Problem

CALIBRATOR_CHECK = timedelta(days=7)
"""The end of the calibration stretch, which decides whether to calibrate."""


@dataclass(frozen=True)
class Stretches:
    """Half-open stretches: fit up to ``calibration_from``, calibration, gate.

    An example belongs to a stretch by its ``prediction_at``, and only if its label was
    known before that stretch ended. All instants are UTC without a zone.
    """

    calibration_from: datetime
    gate_from: datetime
    cutoff: datetime

    @classmethod
    def before(cls, cutoff: datetime, problem: Problem) -> Stretches:
        """Return the stretches of the version with this cut-off."""
        gate_from = cutoff - timedelta(days=problem.gate_days)
        return cls(
            gate_from - timedelta(days=problem.calibration_days), gate_from, cutoff
        )

    def ends(self) -> list[datetime]:
        """Return where fit, calibration and gate end; the next begins there."""
        return [self.calibration_from, self.gate_from, self.cutoff]

    @property
    def calibrator_check_from(self) -> datetime:
        """Where the last week (of a short stretch: half) of the calibration begins."""
        calibration = self.gate_from - self.calibration_from
        return self.gate_from - min(CALIBRATOR_CHECK, calibration / 2)
