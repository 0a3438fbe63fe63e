"""What a file may be made of."""

from __future__ import annotations

import sys

import pytest

from dealwright.definition.decode import ODD_IN_FILE, decode
from dealwright.definition.unreadable import UnreadableError


def test_whatever_is_odd_is_not_printable() -> None:
    odd = [chr(c) for c in range(sys.maxunicode + 1) if ODD_IN_FILE.match(chr(c))]
    assert len(odd) > 200
    assert not any(c.isprintable() for c in odd)


@pytest.mark.parametrize("text", ["a\tb\r\nc", "\u3000全角空格", "no\u00a0break", "é😀你好", "\ue000"])
def test_unusual_but_visible_text_is_read(text: str) -> None:
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    "character", ["\x00", "\x1b", "\x7f", "\x85", "\u200b", "\u200d", "\u202e", "\u2028", "\ufeff"]
)
def test_odd_character_is_refused_at_its_place(character: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        decode(f"你好\n好{character}".encode())
    assert (caught.value.code, caught.value.line, caught.value.column) == ("odd-character", 2, 2)


def test_limit_is_one_mebibyte() -> None:
    assert len(decode(b"#" * (1 << 20))) == 1 << 20
    with pytest.raises(UnreadableError):
        decode(b"#" * ((1 << 20) + 1))
