"""Expressions, durations and zones where they stand: what is wrong inside of them, at its own line and column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dealwright.definition.draft import Draft
from dealwright.definition.finding import shown
from dealwright.definition.nodes import Scalar
from dealwright.definition.shapes import Walk
from dealwright.guards.checker import checked
from dealwright.guards.problem import Problem
from dealwright.guards.scope import Scope
from dealwright.model.duration import parse_duration
from dealwright.model.layout import Layout
from dealwright.model.text import Text

_BUSINESS = re.compile(r"\d+b[dh]")
# Where an unknown name stands tells what it was meant to be.
_MEANT = (
    (re.compile(r"\b(?:event|days_since)\(\s*\Z"), "undeclared-event"),
    (re.compile(r"\b(?:complete|approved)\(\s*\Z"), "undeclared-artifact"),
    (re.compile(r"[\w)]\s*\.\s*\Z"), "undeclared-field"),
)
_ESCAPES = {"x": 4, "u": 6, "U": 10}
_CURLY = "“”‘’"


def check_expressions(draft: Draft) -> None:
    """Every text that the schema marks with `x-form`."""
    scope = Scope(Layout(draft.process), draft.functions)
    seen: dict[tuple[str, str], list[Problem]] = {}
    for form, node in draft.walk.forms:
        if draft.findings.full:
            return
        match form:
            case "duration":
                _duration(draft, node)
            case "timezone":
                _zone(draft.walk, node)
            case _:
                key = (form, node.text)
                if key not in seen:
                    seen[key] = checked(node.text, scope, form)[1]
                for problem in seen[key]:
                    _problem(draft, node, problem)


def _problem(draft: Draft, node: Scalar, problem: Problem) -> None:
    text = node.text
    found = text[problem.offset : problem.offset + problem.length]
    name = re.split(r"\W", found, maxsplit=1)[0]
    if problem.code in ("guard-unknown-name", "guard-type") and draft.walk.dropped and name in draft.walk.dropped:
        return  # its declaration was found wrong; that is enough
    if problem.code == "guard-type" and draft.findings.has_errors and name == "":
        return
    line, column = place_in(node, draft.walk.lines, problem.offset)
    code = problem.code
    if any(c in _CURLY for c in text[problem.offset : problem.offset + 1]):
        draft.findings.add(
            "curly-quotes", line, column, "Curly quotes do not quote anything here", "弯引号在这里不起引号作用",
            Text('use straight quotes "…"', '请改用直引号 "…"'),
        )  # fmt: skip
        return
    if code == "guard-unknown-name":
        before = text[: problem.offset]
        code = next((meant for pattern, meant in _MEANT if pattern.search(before)), code)
    draft.findings.add(code, line, column, problem.en, problem.zh, problem.hint)


def _duration(draft: Draft, node: Scalar) -> None:
    try:
        parse_duration(node.text)
    except ValueError:
        hint = None
        if _BUSINESS.fullmatch(node.text):
            hint = Text("business days and hours come in a later version", "工作日和工作小时将在后续版本支持")
        draft.walk.wrong(
            "bad-duration", node, f"`{shown(node.text)}` is no duration such as 4h, 14d, 2w, 3mo or P1M",
            f"`{shown(node.text)}` 不是时长；时长如 4h、14d、2w、3mo 或 P1M", hint,
        )  # fmt: skip


def check_zones(walk: Walk) -> None:
    """The time zones alone: all that a workspace's settings have."""
    for form, node in walk.forms:
        if form == "timezone":
            _zone(walk, node)


def _zone(walk: Walk, node: Scalar) -> None:
    try:
        ZoneInfo(node.text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        walk.wrong(
            "bad-value", node, f"`{shown(node.text)}` is no time zone such as Asia/Shanghai",
            f"`{shown(node.text)}` 不是时区名；时区如 Asia/Shanghai",
        )  # fmt: skip


def place_in(node: Scalar, lines: Sequence[str], offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of the character at `offset` of a scalar's text.

    Folding only ever changes white space, so the characters in between are counted; an
    escape of a quoted text counts as one.
    """
    row, column = node.mark.line, node.mark.column
    style = node.style
    if style is None and node.end.line == row:
        return row + 1, column + offset + 1
    if style in ("|", ">"):
        row, column = row + 1, 0
    elif style is not None:
        column += 1
    left = sum(1 for c in node.text[:offset] if not c.isspace())
    while row < len(lines):
        line = lines[row]
        while column < len(line):
            size, counts = _unit(line, column, style)
            if counts and left == 0:
                return row + 1, column + 1
            left -= counts
            column += size
        row, column = row + 1, 0
    return node.end.line + 1, node.end.column + 1


def _unit(line: str, column: int, style: str | None) -> tuple[int, int]:
    """How many characters of the file make the next one of the text, and whether that is no white space."""
    character = line[column]
    if style == "'" and line.startswith("''", column):
        return 2, 1
    if style == '"' and character == "\\":
        escaped = line[column + 1 : column + 2]
        return _ESCAPES.get(escaped, 2), 0 if escaped in ("", " ", "t", "n", "r", "\t", "_", "N", "L", "P") else 1
    return 1, 0 if character.isspace() else 1
