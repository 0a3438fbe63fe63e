"""Slips of the keyboard that have one sure correction: a word of the language misspelt, its version left out."""

from __future__ import annotations

from collections.abc import Sequence

from dealwright.definition.finding import Fix
from dealwright.definition.nodes import Map, Scalar

_SHORTEST = 3  # letters of a word that is taken for a misspelt one: shorter ones are too near each other


def slip(node: Scalar, known: Sequence[str]) -> Fix | None:
    """The word of the language that was surely meant: the only one that is a single slip away; else None."""
    near = [word for word in known if len(word) >= _SHORTEST and one_slip(node.text, word)]
    return Fix(node.text, near[0]) if len(near) == 1 and node.style is None else None


def one_slip(written: str, meant: str) -> bool:
    """True if one letter is wrong, missing or too many, or two neighbours changed places."""
    if written == meant or abs(len(written) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(written), len(meant)) and written[start] == meant[start]:
        start += 1
    left, right = written[start:], meant[start:]
    swapped = left[:2] == right[1::-1] and len(right) > 1 and left[2:] == right[2:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped


def added_key(node: Map, name: str, value: str | None) -> Fix | None:
    """A key that is missing from the beginning of a map, where it can have one value only."""
    if value is None:
        return None
    said = f'{name}: "{value}"' if value[:1].isdigit() else f"{name}: {value}"
    return None if node.flow else Fix("", f"{said}\n{' ' * (node.column - 1)}")
