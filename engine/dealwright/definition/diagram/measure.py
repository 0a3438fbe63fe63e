"""How wide a text comes out, near enough to wrap it, without any font at hand."""

from __future__ import annotations

import unicodedata

_NARROW = set("iljtfrI.,:;'|!()[]{}/ ·-")
_WIDE = set("mwMWQOG@%&—…")


def text_width(text: str, size: float) -> float:
    """The width of `text` in pixels at a font of `size`: a little more than most fonts take."""
    return size * sum(map(_em, text))


def _em(character: str) -> float:
    if _is_wide(character):
        return 1.0
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 0.9
    return 0.68 if character.isupper() else 0.56


def wrapped(text: str, size: float, width: float, most: int) -> list[str]:
    """`text` in at most `most` lines of `width` pixels; what does not fit ends in an ellipsis."""
    words = _pieces(" ".join(text.split()))
    lines = [""]
    while words:
        word = words.pop(0)
        if text_width(lines[-1] + word.rstrip(), size) <= width:
            lines[-1] += word
        elif len(lines) == most:
            lines[-1] = _cut(lines[-1] + word, size, width)
            break
        elif not lines[-1]:
            lines[-1] = _cut(word, size, width)
            lines.append("")
        else:
            lines.append("")
            words.insert(0, word)
    return [line.strip() for line in lines if line.strip()] or [""]


def _pieces(text: str) -> list[str]:
    """Words with the space behind them; a Chinese text may be broken between any two characters."""
    pieces: list[str] = []
    before = " "
    for character in text:
        wide = _is_wide(character)
        mark = unicodedata.category(character).startswith("P")
        joins = not wide or mark
        if before == " " or not joins or (_is_wide(before) and not wide and character != " "):
            pieces.append(character)
        else:
            pieces[-1] += character
        before = character
    return pieces


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _cut(text: str, size: float, width: float) -> str:
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"
