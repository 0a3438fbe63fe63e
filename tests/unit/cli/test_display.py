"""Text as a terminal shows it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwright.cli.display import pad, visible, width, wrap


@pytest.mark.parametrize(
    ("text", "columns"),
    [("deal", 4), ("资格确认", 8), ("B2B销售", 7), ("é", 1), ("e\u0301", 1), ("ｆｕｌｌ", 8), ("", 0), ("✓", 1)],
)
def test_wide_characters_count_two_columns_and_combining_ones_none(text: str, columns: int) -> None:
    assert width(text) == columns


def test_padding_fills_by_columns_not_by_characters() -> None:
    assert pad("客户", 6) == "客户  "
    assert pad("12", 5, right=True) == "   12"


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred", "^[[31mred"),
        ("\x00\x07\r", "^@^G^M"),
        ("\x7f", "^?"),
        ("\x9b31m", "<9B>31m"),
        ("a\u202eb", "a<U+202E>b"),
        ("two\nlines\there", "two lines here"),
        ("\udc80", "<U+DC80>"),
    ],
)
def test_control_characters_are_shown_never_sent(hostile: str, shown: str) -> None:
    assert visible(hostile) == shown


@given(st.text())
def test_nothing_visible_can_steer_a_terminal(text: str) -> None:
    shown = visible(text)
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in shown)
    assert visible(shown) == shown


@given(st.text(alphabet="ab 客户，。x\u0301", max_size=60), st.integers(min_value=4, max_value=20))
def test_wrapped_lines_fit_and_keep_every_word(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert all(width(line) <= columns for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
