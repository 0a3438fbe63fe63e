"""What an import says of a row it cannot take, or takes with a doubt. Every code has an entry in docs/import.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from dealwright.model.text import Text

Severity = Literal["error", "doubt"]
ECHO = 80  # characters of a cell that a message repeats

# A row with an error is rejected; a row that only raises doubts is imported as it stands.
SEVERITIES: dict[str, Severity] = {
    "wrong-column-count": "error",
    "missing-id": "error",
    "bad-id": "error",
    "duplicate-id": "error",
    "bad-character": "error",
    "bad-number": "error",
    "bad-date": "error",
    "bad-value": "error",
    "missing-value": "error",
    "unknown-stage": "error",
    "unknown-reason": "error",
    "future-date": "error",
    "dates-out-of-order": "error",
    "history-differs": "error",
    "moved-here": "error",
    "no-date": "doubt",
    "empty-value": "doubt",
    "not-in-lookup": "doubt",
    "not-in-values": "doubt",
    "phone-mangled": "doubt",
    "spreadsheet-error": "doubt",
}


class Issue(Struct, frozen=True):
    """One finding on one row (the contract's shape, with `message` in both languages).

    `line` is where the row begins in the file, the header being line 1. `column` is the
    header's name, None where the whole row is meant; `value` the cell, cut to 80 characters;
    `suggestion` a value that might have been meant.
    """

    line: int
    column: str | None
    code: str
    severity: Severity
    value: str | None
    message: Text
    suggestion: str | None = None


def issue(
    line: int, column: str | None, code: str, value: str | None, message: Text, suggestion: str | None = None
) -> Issue:
    """Build an issue; its code gives the severity, long values are cut."""
    return Issue(line, column, code, SEVERITIES[code], None if value is None else cut(value), message, suggestion)


def cut(value: str) -> str:
    """`value`, or its first characters and an ellipsis."""
    return value if len(value) <= ECHO else value[: ECHO - 1] + "…"


def tally(issues: Iterable[Issue]) -> dict[str, int]:
    """How many issues there are of each code, the most frequent first."""
    return dict(Counter(found.code for found in issues).most_common())


def lines_of(issues: Iterable[Issue], severity: Severity) -> frozenset[int]:
    """The lines that have an issue of this severity."""
    return frozenset(found.line for found in issues if found.severity == severity)
