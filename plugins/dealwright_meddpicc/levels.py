"""The points of one element on the published scale."""

from __future__ import annotations

UNKNOWN = 0
PARTIAL = 1
VALIDATED = 2


def level(begun: bool, validated: bool) -> int:
    """0 unknown, 1 partial, 2 validated. Nothing can be validated that is not begun."""
    if not begun:
        return UNKNOWN
    return VALIDATED if validated else PARTIAL
