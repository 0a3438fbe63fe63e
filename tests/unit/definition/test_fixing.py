"""Corrections of every invalid example: they end, mend what they touch, and bring no new kind of error."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealwright.definition.finding import Finding, Fix
from dealwright.definition.fixing import certain, mended
from dealwright.model.text import Text
from examples import INVALID, findings

FIXABLE = {
    "boolean-word", "fullwidth-colon", "curly-quotes", "bad-duration", "odd-character", "unknown-key", "bad-value",
    "missing-key",
}  # fmt: skip
READABLE = [path for path in INVALID if path.name.split(".")[0] not in ("not-utf8", "file-too-large")]


@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.name)
def test_correcting_an_invalid_example_ends_and_brings_nothing_new(path: Path, tmp_path: Path) -> None:
    work = tmp_path / path.name
    text = path.read_text(encoding="utf-8")
    work.write_text(text, encoding="utf-8")
    before = findings(work)
    rounds = 0
    while True:
        found = findings(work)
        text, changes = mended(text, found, work.name)
        if not changes:
            break
        rounds += 1
        assert rounds < 20
        assert {change.finding.code for change in changes} <= FIXABLE
        work.write_text(text, encoding="utf-8")
    if rounds and not {f.code for f in before} & {"odd-character", "fullwidth-colon", "curly-quotes"}:
        # Those three hide what follows; of the others none may become more than it was.
        after = findings(work)
        assert {f.code for f in after if f.severity == "error"} < {f.code for f in before if f.severity == "error"}


def test_every_kind_of_correction_is_seen_in_the_examples() -> None:
    seen = set()
    for path in READABLE:
        lines = path.read_text(encoding="utf-8").split("\n")
        seen |= {f.code for f in findings(path) if f.line <= len(lines) and certain(f, lines[f.line - 1])}
    assert seen <= FIXABLE
    assert {"boolean-word", "fullwidth-colon", "curly-quotes", "unknown-key", "bad-value"} <= seen


def test_a_correction_that_no_longer_fits_its_place_is_left_out() -> None:
    text = Text("x", "甲")
    wrong = Finding("f", 1, 3, "unknown-key", "error", text, fix=Fix("titel", "title"))
    assert mended("a titel: x", [wrong], "f")[0] == "a title: x"
    assert mended("a other: x", [wrong], "f") == ("a other: x", [])
    assert mended("a titel: x", [wrong], "g") == ("a titel: x", [])
    assert mended("", [wrong], "f") == ("", [])


def test_two_findings_of_one_place_are_corrected_once_and_others_of_the_line_too() -> None:
    text = Text("x", "甲")
    one = Finding("f", 1, 1, "unknown-key", "error", text, fix=Fix("ab", "abc"))
    two = Finding("f", 1, 1, "bad-value", "error", text, fix=Fix("ab", "xy"))
    three = Finding("f", 1, 5, "boolean-word", "error", text)
    fixed, changes = mended("ab: yes", [one, two, three], "f")
    assert fixed in ("abc: true", "xy: true")
    assert [change.finding.column for change in changes] == [1, 5]
