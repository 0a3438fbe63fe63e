"""Mending a file where the correction is certain, by its text: what else stands in it stays to the letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from dealwright.definition.finding import Finding, Fix

_BOOLEANS = {"yes": "true", "on": "true", "y": "true", "true": "true",
             "no": "false", "off": "false", "n": "false", "false": "false"}  # fmt: skip
_WORD = re.compile(r"""(["']?)([A-Za-z]{1,5})\1(?=\s*(?:[,}\]]|\s#|$))""")
_CURLY = re.compile(r"""([“‘”’])([^“”‘’"'\\]*)[“‘”’](?=\s*(?:[,}\]]|\s#|$))""")
_KEY = re.compile(r"""(?:^|[\s{,\[])[A-Za-z_][\w-]{0,39}$""", re.ASCII)
_SWALLOWED = re.compile(r"([a-z_][a-z0-9_]{0,39})：")
_LENGTH = re.compile(
    r"""(["']?)(\d{1,4}) *(h|hours?|小时|d|days?|天|日|w|weeks?|周|星期|mo|months?|个月)\1(?=\s*(?:[,}\]]|\s#|$))""",
    re.IGNORECASE,
)
_UNITS = {"h": "h", "小": "h", "d": "d", "天": "d", "日": "d", "w": "w", "周": "w", "星": "w", "m": "mo", "个": "mo"}
# Nothing is lost with these: they show nothing, and no word needs them.
_EMPTY = {"\u200b", "\u2060", "\ufeff", "\u00ad"}


class Change(NamedTuple):
    """One correction, with the finding that it mends."""

    finding: Finding
    old: str
    new: str


def certain(finding: Finding, line: str) -> Fix | None:
    """The one sure correction of a finding, read from its line; None where there is more than one, or none."""
    before, rest = line[: finding.column - 1], line[finding.column - 1 :]
    if finding.fix is not None:
        return finding.fix if rest.startswith(finding.fix.old) else None
    mend = _MENDERS.get(finding.code)
    return mend(before, rest) if mend else None


def _boolean(_: str, rest: str) -> Fix | None:
    found = _WORD.match(rest)
    meant = _BOOLEANS.get(found.group(2).lower()) if found else None
    return Fix(found.group(), meant) if found and meant else None


def _wide_colon(before: str, rest: str) -> Fix | None:
    if rest[:1] != "：" or not _KEY.search(before):
        return None
    return Fix("：", ":" if rest[1:2] in ("", " ") else ": ")


def _swallowed_colon(before: str, rest: str) -> Fix | None:
    """An id that has swallowed the full-width colon behind it, and perhaps more."""
    begins = before.strip() in ("", "-") or before.endswith(("{", ", "))
    key = _SWALLOWED.match(rest) if begins else None
    return Fix(key.group(), f"{key.group(1)}:{'' if rest[key.end() :][:1] in ('', ' ') else ' '}") if key else None


def _curly(before: str, rest: str) -> Fix | None:
    found = _CURLY.match(rest)
    whole = before.rstrip().endswith((":", "-", "[", ",", "{"))
    return Fix(found.group(), f'"{found.group(2)}"') if found and whole else None


def _duration(_: str, rest: str) -> Fix | None:
    found = _LENGTH.match(rest)
    return Fix(found.group(), found.group(2) + _UNITS[found.group(3)[0].lower()]) if found else None


def _invisible(_: str, rest: str) -> Fix | None:
    return Fix(rest[0], "") if rest[:1] in _EMPTY else None


_MENDERS: dict[str, Callable[[str, str], Fix | None]] = {
    "boolean-word": _boolean, "fullwidth-colon": _wide_colon, "bad-value": _swallowed_colon, "curly-quotes": _curly,
    "bad-duration": _duration, "odd-character": _invisible,
}  # fmt: skip


def mended(text: str, findings: Iterable[Finding], file: str) -> tuple[str, list[Change]]:
    """`text` with every certain correction of these findings of `file`, and what was changed."""
    lines = text.split("\n")
    changes: list[Change] = []
    # From the end, so that the places of those before stay true; of two at one place only the first is made.
    places: set[tuple[int, int]] = set()
    for finding in sorted(findings, key=lambda one: (one.line, one.column), reverse=True):
        place = (finding.line, finding.column)
        if finding.file != file or finding.line > len(lines) or place in places:
            continue
        row = lines[finding.line - 1]
        fix = certain(finding, row.removesuffix("\r"))
        if fix is None:
            continue
        places.add(place)
        at = finding.column - 1
        lines[finding.line - 1] = row[:at] + fix.new + row[at + len(fix.old) :]
        changes.append(Change(finding, fix.old, fix.new))
    return "\n".join(lines), changes[::-1]
