"""How far one of the four factors is there."""

from __future__ import annotations


def share(first: bool, second: bool) -> float:
    """0, a half or 1: one half for each of the two facts that a factor rests on."""
    return (first + second) / 2
