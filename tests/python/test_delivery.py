from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from python_ml.delivery import MAX_LINES_PER_ROW, Line, read_delivery

BOM = b"\xef\xbb\xbf"


HEADER = Line("header", 1, fields=["a", "b"])


def read(content: bytes, file: str = "2013-01.csv") -> list[Line]:
    return read_delivery(content, file, ["a", "b"])


def row(number: int, *fields: str, count: int = 1) -> Line:
    return Line("row", number, count, list(fields))


def rejected(number: int, raw: str, reason: str) -> Line:
    return Line("rejected", number, raw=raw, reason=reason)


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n3,4\n",
        b"a,b\n1,2\n3,4",
        b"a,b\r\n1,2\r\n3,4\r\n",
        BOM + b"a,b\n1,2\n3,4\n",
        b"A, b \n1,2\n3,4\n",
        b'"a","b"\n"1",2\n3,"4"\n',
    ],
    ids=["clean", "no last newline", "CRLF", "BOM", "padded header", "quoted"],
)
def test_well_formed_files_give_the_same_lines(content: bytes) -> None:
    assert read(content) == [HEADER, row(2, "1", "2"), row(3, "3", "4")]


@pytest.mark.parametrize("content", [b"", BOM], ids=["empty", "BOM only"])
def test_a_file_without_lines_gives_no_lines(content: bytes) -> None:
    assert read(content) == []


@pytest.mark.parametrize("content", [b"a,b", b"a,b\n", BOM + b"a,b\r\n"])
def test_a_file_with_a_header_only_has_no_rows(content: bytes) -> None:
    assert read(content) == [HEADER]


def test_an_extra_column_is_kept() -> None:
    assert read(b"a,c,b\n1,2,3\n") == [
        Line("header", 1, fields=["a", "c", "b"]),
        row(2, "1", "2", "3"),
    ]


def test_values_are_kept_as_they_were_delivered() -> None:
    assert read(b"a,b\n 1 ,\n,NA\n") == [HEADER, row(2, " 1 ", ""), row(3, "", "NA")]


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("a,c", "missing required column b"),
        ("c", "missing required column a, b"),
        ("a;b", "missing required column a, b"),
        ("a,b,A", "repeated column a"),
        ("a,b,_x", "reserved column name '_x' (empty, or begins with _)"),
        ("a,b,", "reserved column name '' (empty, or begins with _)"),
        ("", "header: blank line"),
        ('a,"b', "header: unclosed quote"),
    ],
)
def test_an_unusable_header_rejects_every_line(header: str, problem: str) -> None:
    reason = f"file rejected: {problem}"
    assert read(f"{header}\n1,2\n3,4\n".encode()) == [
        rejected(1, header, reason),
        rejected(2, "1,2", reason),
        rejected(3, "3,4", reason),
    ]


@pytest.mark.parametrize(
    ("line", "raw", "reason"),
    [
        (b"1", "1", "1 fields, expected 2"),
        (b"1,2,3", "1,2,3", "3 fields, expected 2"),
        (b"1,2,", "1,2,", "3 fields, expected 2"),
        (b'"1,2"', '"1,2"', "1 fields, expected 2"),
        (b"", "", "blank line"),
        (b"1,\0", "1,\\x00", "NUL character"),
        (b"1,\xff", "1,\\xff", "not UTF-8: byte 0xff at 2"),
        (b"\xc3,2", "\\xc3,2", "not UTF-8: byte 0xc3 at 0"),
        (b'1,"2', '1,"2', "unclosed quote"),
        (
            b'"1"x,2',
            '"1"x,2',
            "malformed quoting: ',' expected after '\"'",
        ),
    ],
)
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_a_bad_line_is_rejected_alone(
    line: bytes, raw: str, reason: str, ending: bytes
) -> None:
    in_the_middle = ending.join([b"a,b", b"1,2", line, b"3,4", b"5,6", b""])
    at_the_end = ending.join([b"a,b", b"1,2", line, b""])
    refused = rejected(3, raw, reason)
    rows = [row(4, "3", "4"), row(5, "5", "6")]
    assert read(in_the_middle) == [HEADER, row(2, "1", "2"), refused, *rows]
    assert read(at_the_end) == [HEADER, row(2, "1", "2"), refused]


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (b'"x,y"', "x,y"),
        (b'"say ""hi"""', 'say "hi"'),
        (b'""', ""),
        (b'"\xc3\xa9"', "é"),
        ('"x\x0by\u2028z"'.encode(), "x\x0by\u2028z"),
    ],
    ids=["comma", "doubled quotes", "empty", "not ASCII", "other line breaks"],
)
def test_a_quoted_field_is_unquoted(record: bytes, field: str) -> None:
    assert read(b"a,b\n1," + record + b"\n") == [HEADER, row(2, "1", field)]


def test_a_quoted_newline_makes_one_row_of_two_lines() -> None:
    assert read(b'a,b\n"x\ny",2\n3,4\n') == [
        HEADER,
        row(2, "x\ny", "2", count=2),
        row(4, "3", "4"),
    ]


def test_a_quoted_field_may_hold_a_blank_line() -> None:
    assert read(b'a,b\n"x\n\ny",2\n') == [HEADER, row(2, "x\n\ny", "2", count=3)]


def test_the_longest_row_is_kept_and_a_longer_one_is_an_unclosed_quote() -> None:
    inner = b"1,2\n" * (MAX_LINES_PER_ROW - 2)
    longest = read(b'a,b\n"x\n' + inner + b'y",2\n')
    longer = read(b'a,b\n"x\n1,2\n' + inner + b'y",2,3\n')
    assert [(line.kind, line.count) for line in longest] == [
        ("header", 1),
        ("row", MAX_LINES_PER_ROW),
    ]
    assert longer[1] == rejected(2, '"x', "unclosed quote")
    assert longer[2:-1] == [
        row(number, "1", "2") for number in range(3, 2 + MAX_LINES_PER_ROW)
    ]


@pytest.mark.parametrize("separator", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_no_value_is_cut_at_a_character_that_only_unicode_calls_a_line_end(
    separator: str,
) -> None:
    content = f'a,b\n"x",y{separator}z\n'.encode()
    assert read(content) == [HEADER, row(2, "x", f"y{separator}z")]


def test_nothing_after_a_lone_carriage_return_is_lost() -> None:
    [_, line] = read(b'a,b\n"x",y\rz\n')
    assert line.kind == "rejected" or line.fields == ["x", "y\rz"]


def test_an_unclosed_quote_is_the_reason_even_before_another_bad_line() -> None:
    assert read(b'a,b\n1,"2\n3,\xff\n')[1:] == [
        rejected(2, '1,"2', "unclosed quote"),
        rejected(3, "3,\\xff", "not UTF-8: byte 0xff at 2"),
    ]


@pytest.mark.parametrize(
    "file",
    ["2013-08.csv", "2013-08@2013-10-05.csv", "landing/me@home/2013-08.csv"],
)
def test_a_file_with_a_readable_name_is_read(file: str) -> None:
    assert read(b"a,b\n1,2\n", file) == [HEADER, row(2, "1", "2")]


@pytest.mark.parametrize(
    "date",
    [
        "",
        "tomorrow",
        "2013-10",
        "2013-10-5",
        "2013-13-05",
        "2013-10-32",
        "2013-10-05x",
        "2013-02-31",
        "\uff12013-10-05",
    ],
)
def test_a_correction_without_a_real_date_is_rejected(date: str) -> None:
    reason = (
        f"file rejected: the date after @ in its name is {date!r}, "
        "expected YYYY-MM-DD, as in 2013-08@2013-10-05.csv"
    )
    assert read(b"a,b\n1,2\n", f"landing/flights/2013-08@{date}.csv") == [
        rejected(1, "a,b", reason),
        rejected(2, "1,2", reason),
    ]


def physical_lines(content: bytes) -> int:
    text = content[3:] if content[:3] == BOM else content
    ends = sum(byte == ord("\n") for byte in text)
    return ends + (len(text) > 0 and text[-1] != ord("\n"))


PIECES = st.sampled_from(
    [b"a", b",", b"\n", b"\r\n", b"\r", b'"', b"\0", b"\xff", b"\x0b", BOM, b"1,2\n"]
)
DELIVERIES = st.one_of(
    st.binary(),
    st.lists(PIECES).map(b"".join),
    st.lists(PIECES, max_size=40).map(lambda pieces: b"a,b\n" + b"".join(pieces)),
)


@given(DELIVERIES)
@example(b"")
@example(BOM + b"\n")
@example(b'a,b\n"' + b"\n" * MAX_LINES_PER_ROW + b'",2')
def test_every_physical_line_is_accounted_for_once(content: bytes) -> None:
    lines = read(content)
    following = 1
    for line in lines:
        assert line.number == following
        assert line.count >= 1
        following += line.count
        if line.kind == "rejected":
            assert line.reason
            assert line.raw is not None
            assert line.fields is None
        else:
            assert line.fields is not None
    assert sum(line.count for line in lines) == physical_lines(content)


def test_a_quote_inside_an_unquoted_field_is_rejected() -> None:
    reason = "malformed quoting: a quote inside an unquoted field"
    assert read(b'a,b\np"q,r\n')[1:] == [rejected(2, 'p"q,r', reason)]


def test_the_tail_of_a_broken_record_is_not_taken_for_a_row() -> None:
    lines = read(b'a,b\n"p\nq,r"\n1,2\n')
    assert [line.kind for line in lines] == ["header", "rejected", "rejected", "row"]
