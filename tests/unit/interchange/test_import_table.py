"""CSV files as they come: encodings, delimiters, quoting, limits."""

from __future__ import annotations

import codecs
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwright.errors import UsageError
from dealwright.interchange import table as tables
from dealwright.interchange.table import read_table

CHINESE = "编号,客户,金额\r\nA-1,示例公司,12万\r\n"


@pytest.mark.parametrize(
    ("data", "named", "encoding"),
    [
        (CHINESE.encode(), None, "utf-8"),
        (codecs.BOM_UTF8 + CHINESE.encode(), "auto", "utf-8"),
        (codecs.BOM_UTF8 + CHINESE.encode(), "utf-8", "utf-8"),
        (codecs.BOM_UTF16_LE + CHINESE.encode("utf-16-le"), None, "utf-16-le"),
        (codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be"), None, "utf-16-be"),
        (codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be"), "utf-16", "utf-16-be"),
        (CHINESE.encode("utf-16-le"), "utf-16-le", "utf-16-le"),
        (CHINESE.encode("gb18030"), None, "gb18030"),
        (CHINESE.encode("gb18030"), "gb18030", "gb18030"),
        (CHINESE.encode("gb18030"), "GB18030", "gb18030"),
    ],
)
def test_each_encoding_gives_the_same_table(data, named, encoding):
    read = read_table(data, named)
    assert read.encoding == encoding
    assert read.header == ("编号", "客户", "金额")
    assert [(row.line, row.cells) for row in read.rows] == [(2, ("A-1", "示例公司", "12万"))]


def test_a_western_file_is_not_taken_for_chinese():
    western = "id,name\n1,Müller Kälte\n2,Bäckerei Größe\n".encode("windows-1252")
    assert western.decode("gb18030")  # it would fit
    with pytest.raises(UsageError, match="line 2") as refused:
        read_table(western)
    assert "windows-1252" in refused.value.zh
    assert read_table(western, "windows-1252").rows[0].cells[1] == "Müller Kälte"


@pytest.mark.parametrize(
    ("data", "encoding", "says"),
    [
        (b"", None, "empty"),
        (b"\n \n,,\n", None, "empty"),
        (b"a,b\n1,\x00\n", None, "line 2: a NUL"),
        ("a,b\n1,2\n".encode("utf-16-le"), None, "utf-16-le"),
        (b"a,b\n1,2\n\xff\xfe,3\n", None, "line 3"),
        (b"a,b\n1,\xe4\n", "utf-8", "line 2"),
        (b"a,b\n", "klingon", "klingon"),
        (b"a,b,a\n", None, "twice: a"),
        (b'a,b\n1,"2\n3,4\n', None, "line 2"),
        (b'a,b\n1,2\n"x"y,4\n', None, "line 3"),
        (b"a\n" + b"x" * (1024 * 1024 + 1), None, "line 2 has more"),
        (b'a\n"' + b"x\n" * 100_000 + b'"\n', None, "line 2"),
        (b"," * 1000, None, "empty"),
        (b"a" + b"," * 1000, None, "columns"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(data, encoding, says):
    with pytest.raises(UsageError, match=says) as refused:
        read_table(data, encoding)
    assert refused.value.zh != refused.value.en
    assert len(refused.value.en) < 400


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1;2\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ('"a,x,y";b\n1;2\n', ";"),
        ("a\n1\n", ","),
        ("sep=;\na;b\n1;2\n", ";"),
    ],
)
def test_the_delimiter_is_recognised(text, delimiter):
    assert read_table(text.encode()).delimiter == delimiter


def test_a_named_delimiter_wins():
    assert read_table(b"a;b,c\n1;2,3\n", None, ";").header == ("a", "b,c")


def test_rows_know_the_line_on_which_they_begin():
    text = 'id,note\n1,"two\nlines"\n\n2,"a ""quoted"" word"\n,\n3,x,extra\n'
    read = read_table(text.encode())
    assert [(row.line, row.cells) for row in read.rows] == [
        (2, ("1", "two\nlines")),
        (5, ("2", 'a "quoted" word')),
        (7, ("3", "x", "extra")),
    ]
    assert [row.line for row in read_table(b"sep=;\na;b\n1;2\n").rows] == [3]


def test_characters_that_only_look_like_line_ends_stay_in_their_cell():
    text = "id,note\n1,a\u2028b\x85c\x0bd\n"
    assert read_table(text.encode()).rows[0].cells[1] == "a\u2028b\x85c\x0bd"


def test_lone_carriage_returns_end_lines():
    assert [row.line for row in read_table(b"a,b\r1,2\r3,4\r").rows] == [2, 3]


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 3)
    assert len(read_table(b"a\n1\n2\n3\n").rows) == 3
    with pytest.raises(UsageError, match="rows"):
        read_table(b"a\n1\n2\n3\n4\n")


def test_too_many_blank_lines_are_refused(monkeypatch):
    monkeypatch.setattr(tables, "MAX_LINES", 5)
    assert read_table(b"a\n\n\n\n1\n").rows[0].line == 5
    with pytest.raises(UsageError, match="lines"):
        read_table(b"a\n\n\n\n\n1\n")


def test_too_many_bytes_are_refused(monkeypatch):
    monkeypatch.setattr(tables, "MAX_BYTES", 10)
    with pytest.raises(UsageError, match="bytes"):
        read_table(b"a" * 11)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(UsageError):
        assert read_table(data).header
