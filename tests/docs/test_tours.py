"""What the guides print is what a reader sees who types their commands."""

from __future__ import annotations

from pathlib import Path

import pytest
from guide import Reader, matches, read, section


@pytest.mark.parametrize(("path", "heading"), [("README.md", "Five minutes"), ("README.zh.md", "五分钟上手")])
def test_the_tour_of_the_readme_is_true(path: str, heading: str, tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    reader.follow(section(read(path), heading))
    assert len(reader.commands) > 10


def test_a_process_is_made_from_scratch_and_won_by_the_tutorial_alone(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    reader.follow(section(read("docs/authors.md"), "A process from scratch"))
    assert ["dealwright", "deal", "verify", "machine-1"] in reader.commands


def test_the_days_of_a_deal_in_the_guide_of_operators_are_true(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    reader.follow(section(read("docs/operators.md"), "A deal's days"))
    assert {"why", "waive", "hold", "lose", "reopen"} <= {argv[2] for argv in reader.commands if argv[1] == "deal"}


def test_a_process_is_made_of_another_by_the_tour_alone(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    reader.follow(section(read("docs/composing.md"), "A child in ten minutes"))
    assert {"resolve", "diff", "lock", "validate"} <= {argv[2] for argv in reader.commands}
    laid_out = (tmp_path / "house" / "processes" / "export.process.yaml").read_text(encoding="utf-8")
    assert "title: {en: Export, zh: 外贸}" in laid_out
    assert "# translations take their time" in laid_out


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("due on 2026-11-29", "due on 2031-01-02", True),
        ("due on 2026-11-29", "due", False),
        ("a\n...\nd", "a\nb\nc\nd", True),
        ("a\n...\nd", "a\nd", True),
        ("a\n...\nd", "a\nb\nc", False),
        ("a ... c", "a (b) c", True),
        ("a", "a\nb", False),
        ("", "anything", True),
    ],
)
def test_a_guide_s_output_is_compared_line_by_line(expected: str, printed: str, same: bool) -> None:
    assert matches(expected, printed) is same
