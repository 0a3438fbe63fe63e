"""Text as a terminal shows it: how wide it is, and nothing in it that could steer the terminal."""

from __future__ import annotations

import unicodedata

TYPE_CHECKING = False  # type checkers know this name; importing typing would cost --help a tenth
if TYPE_CHECKING:
    import re

# C0 (newline and tab have a form of their own), DEL and C1, line separators, zero-width
# and bidirectional controls, lone surrogates, and the tag characters.
_CONTROL = (
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_PIECE = r"\s+|[^\s\u1100-\uffff\U0001f000-\U0003ffff]+|."


def _pattern(text: str) -> re.Pattern[str]:
    # Compiled at first need (re remembers it): most calls print nothing that is odd or too wide.
    import re

    return re.compile(text, re.DOTALL)


def visible(text: str) -> str:
    """`text` on one line, each control character in a form that can be seen: `^[` for escape."""
    return text if text.isprintable() else _pattern(_CONTROL).sub(_shown, text)


def _shown(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code in (9, 10):
        return " "
    if code < 32:
        return "^" + chr(code + 64)
    return "^?" if code == 127 else f"<{code:02X}>" if code < 256 else f"<U+{code:04X}>"


def width(text: str) -> int:
    """The columns that `text` takes: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 0 if unicodedata.category(character) in ("Mn", "Me", "Cf") else 1


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """`text` filled with spaces to `columns`, at the left where `right` asks to align it right."""
    space = " " * max(0, columns - width(text))
    return space + text if right else text + space


def wrap(text: str, columns: int) -> list[str]:
    """`text` in lines of at most `columns`: broken at spaces, between wide characters, else anywhere."""
    if width(text) <= columns:
        return [text]
    lines = [""]
    for piece in _pattern(_PIECE).findall(text):
        if width(lines[-1]) + width(piece) <= columns:
            lines[-1] += piece
        elif not piece.isspace():
            lines += _cut(piece, columns)
    return [line.rstrip() for line in lines if line.strip()] or [""]


def _cut(piece: str, columns: int) -> list[str]:
    parts = [""]
    for character in piece:
        if width(parts[-1]) + _columns(character) > columns and parts[-1]:
            parts.append("")
        parts[-1] += character
    return parts
