"""Reads one delivered CSV file line by line, losing nothing.

A delivery is somebody else's file: it may hold a byte-order mark, CRLF line ends, an
unclosed quote, a NUL or bytes that are not UTF-8. Every physical line ends up in one
:class:`Line`: the header, a row, or a rejected line with its reason. The quoting rules
are those of RFC 4180, as the standard library's strict CSV reader applies them.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

MAX_LINES_PER_ROW = 100
"""A quoted field may span this many lines; past it, the quote counts as unclosed."""

_CORRECTION = re.compile(r"@(?P<date>[^/]*)\.csv$")
_RECORD = re.compile(
    r'(?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,(?:"(?:[^"]|"")*"|[^",\r\n]*))*'
)


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a file.

    ``number`` is the 1-based line on which it begins, ``count`` how many physical lines
    it spans, ``fields`` its values (header and rows), ``raw`` and ``reason`` what was
    found and why it was refused (rejected lines only).
    """

    kind: Literal["header", "row", "rejected"]
    number: int
    count: int = 1
    fields: list[str] | None = None
    raw: str | None = None
    reason: str | None = None


def read_delivery(content: bytes, file: str, required: Sequence[str]) -> list[Line]:
    r"""Split a delivered file into header, rows and rejected lines.

    Args:
        content: the file's bytes.
        file: its name; ``2013-08@2013-10-05.csv`` is a correction known from that date.
        required: the columns without which the whole file is rejected, in lower case.

    Returns:
        The lines in the order of the file; the sum of ``count`` is its number of
        physical lines. An empty file gives an empty list.

    >>> [line.kind for line in read_delivery(b"a,b\n1,2\n3\n", "f.csv", ["a"])]
    ['header', 'row', 'rejected']

    """
    raw_lines = _physical_lines(content)
    if not raw_lines:
        return []
    try:
        header = [name.strip().lower() for name in _fields([raw_lines[0]])]
        correction_date(file)
        problem = _header_problem(header, required)
    except _MalformedError as malformed:
        problem = f"header: {malformed}"
    except CorrectionDateError as error:
        problem = str(error)
    if problem:
        return [
            Line("rejected", number, raw=_show(raw), reason=f"file rejected: {problem}")
            for number, raw in enumerate(raw_lines, start=1)
        ]
    return [Line("header", 1, fields=header), *_rows(raw_lines, len(header))]


class CorrectionDateError(ValueError):
    """The name of a file says that it is a correction, but not from when."""


def correction_date(file: str) -> date | None:
    """Return from when a correction is known, by its name; none for an ordinary file.

    Raises:
        CorrectionDateError: when what stands after @ is no date.

    >>> correction_date("2013-08@2013-10-05.csv")
    datetime.date(2013, 10, 5)

    """
    correction = _CORRECTION.search(file)
    if not correction:
        return None
    try:
        found = date.fromisoformat(correction["date"])
    except ValueError:
        found = None
    if found is None or found.isoformat() != correction["date"]:
        raise CorrectionDateError(
            f"the date after @ in its name is {correction['date']!r}, "
            "expected YYYY-MM-DD, as in 2013-08@2013-10-05.csv"
        )
    return found


class _MalformedError(ValueError):
    """The reason for which a record cannot be read."""


class _UnclosedQuoteError(_MalformedError):
    """The record may go on in the next line."""


def _physical_lines(content: bytes) -> list[bytes]:
    lines = content.removeprefix(BYTE_ORDER_MARK).split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    return [line.removesuffix(b"\r") for line in lines]


def _header_problem(header: list[str], required: Sequence[str]) -> str | None:
    missing = [name for name in required if name not in header]
    if missing:
        return f"missing required column {', '.join(missing)}"
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        return f"repeated column {', '.join(repeated)}"
    reserved = [name for name in header if name.startswith("_") or not name]
    if reserved:
        return f"reserved column name {reserved[0]!r} (empty, or begins with _)"
    return None


def _rows(raw_lines: list[bytes], width: int) -> Iterator[Line]:
    index = 1
    while index < len(raw_lines):
        try:
            count, fields = _record(raw_lines, index, width)
            yield Line("row", index + 1, count, fields)
        except _MalformedError as malformed:
            count = 1
            raw = _show(raw_lines[index])
            yield Line("rejected", index + 1, raw=raw, reason=str(malformed))
        index += count


def _record(raw_lines: list[bytes], index: int, width: int) -> tuple[int, list[str]]:
    """Return how many lines the record that begins here spans, and its fields."""
    last = min(MAX_LINES_PER_ROW, len(raw_lines) - index)
    for count in range(1, last + 1):
        try:
            fields = _fields(raw_lines[index : index + count])
        except _UnclosedQuoteError:
            continue
        except _MalformedError:
            if count == 1:
                raise
            break  # a later line cannot be read: the quote was not meant to reach it
        if len(fields) != width:
            raise _MalformedError(f"{len(fields)} fields, expected {width}")
        return count, fields
    raise _UnclosedQuoteError("unclosed quote")


def _fields(raw_lines: list[bytes]) -> list[str]:
    try:
        text = b"\n".join(raw_lines).decode()
    except UnicodeDecodeError as error:
        raise _MalformedError(
            f"not UTF-8: byte 0x{error.object[error.start]:02x} at {error.start}"
        ) from None
    if not text:
        raise _MalformedError("blank line")
    if "\0" in text:
        raise _MalformedError("NUL character")
    if '"' not in text:
        return text.split(",")
    try:
        fields = next(csv.reader([text], strict=True))
    except csv.Error as error:
        if str(error) == "unexpected end of data":
            raise _UnclosedQuoteError("unclosed quote") from None
        raise _MalformedError(f"malformed quoting: {error}") from None
    if not _RECORD.fullmatch(text):
        raise _MalformedError("malformed quoting: a quote inside an unquoted field")
    return fields


def _show(raw: bytes) -> str:
    """Return text that any engine can store: undecodable bytes and NULs escaped."""
    return raw.decode(errors="backslashreplace").replace("\0", "\\x00")
