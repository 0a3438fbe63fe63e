"""The forms in which a store leaves: lines that tell what is wrong with them, a TinyDB file, inert CSV."""

from __future__ import annotations

import csv
import io
import json

import pytest

from dealwright.errors import UsageError
from dealwright.interchange import csv_out, jsonlines, tinyfile

HEAD = "a" * 64
LINES = [
    jsonlines.beginning(1, personal=True),
    jsonlines.kept("definitions", {"definition_hash": "h", "document": {}}),
    jsonlines.kept("mine", {"n": 1}, 7),
    jsonlines.attached("f" * 64, b"\x00\xff"),
    jsonlines.logged(b'{"position":1,"deal":"b2b-1"}', HEAD),
    jsonlines.ended(1, HEAD),
]


def test_lines_are_read_as_they_were_written():
    assert list(jsonlines.read_lines(LINES)) == [
        jsonlines.Beginning(1, True),
        jsonlines.Kept("definitions", {"definition_hash": "h", "document": {}}, None),
        jsonlines.Kept("mine", {"n": 1}, 7),
        jsonlines.Attached("f" * 64, b"\x00\xff"),
        jsonlines.Logged(b'{"position":1,"deal":"b2b-1"}', HEAD),
        jsonlines.Ended(1, HEAD),
    ]


def test_each_line_is_json_of_its_own():
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 and json.loads(line) for line in LINES)


@pytest.mark.parametrize(
    ("lines", "number", "says"),
    [
        ([], 1, "cut short"),
        (LINES[:-1], 6, "cut short"),
        ([*LINES, LINES[1]], 7, "after the end"),
        (LINES[1:], 1, "no log"),
        ([b'{"format":"dealwright-log","v":99}\n'], 1, "version 99"),
        ([LINES[0], b"{}\n"], 2, "no event"),
        ([LINES[0], b'{"surprise":1}\n'], 2, "cannot be read"),
        ([LINES[0], b'{"event":{"position":1\n'], 2, "cannot be read"),
        ([b"\xff\xfe\n"], 1, "cannot be read"),
        ([b"id,title\n"], 1, "cannot be read"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(lines, number, says):
    with pytest.raises(UsageError, match=says) as raised:
        list(jsonlines.read_lines(lines))
    assert raised.value.details["line"] == number
    assert str(number) in raised.value.zh


def test_a_tinydb_file_of_no_tables_and_of_empty_ones_is_json_too():
    assert json.loads(b"".join(tinyfile.tiny_file([]))) == {}
    assert json.loads(b"".join(tinyfile.tiny_file([("a", []), ('b"', [(1, {"x": "中"}), (3, {})])]))) == {
        "a": {}, 'b"': {"1": {"x": "中"}, "3": {}}
    }  # fmt: skip


PAYLOADS = [
    "=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x.example","click")', "+1+1", "+cmd|x", "-1+1", "-cmd|x",
    "@SUM(1+1)", "\t=1+1", "\r=1+1", "\n=1+1", "\x00=1+1", "＝1+1", "＋1", "－1+1", "＠x", "=", "+", "-", "@",
    "--5", "-5-5", "-1e5", "-.5", "-5.", "=\"a\nb\"", "+86 10 5550101", "-'x'", "@import", "=A1,B1", "=1;2",
]  # fmt: skip
PLAIN = ["-12", "-12.50", "12", "a=b", "a,b", 'say "hi"', "line\nbreak", " lead", "é 中 🙂", "'quoted"]


def test_no_cell_is_computed_and_every_one_is_read_back():
    rows = [{"a": text, "b": text} for text in [*PAYLOADS, *PLAIN]]
    text = b"".join(csv_out.csv_table(("a", "b"), rows)).decode("utf-8-sig")
    read = [row["a"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert len(PAYLOADS) >= 30
    assert read == [*("'" + payload for payload in PAYLOADS), *PLAIN]


def test_what_a_row_lacks_is_empty_and_what_is_nested_is_json():
    text = b"".join(csv_out.csv_table(("a", "b", "c"), [{"b": {"x": [1]}, "c": True}])).decode("utf-8-sig")
    assert text.splitlines()[1] == ',"{""x"": [1]}",true'
