"""How far one of the six factors is there."""

from __future__ import annotations


def share(begun: bool, confirmed: bool) -> float:
    """0, a half or 1: one half for each of the two facts that a factor rests on, in whatever order they came."""
    return (begun + confirmed) / 2
