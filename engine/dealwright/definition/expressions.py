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
from dealwright.guards.tree import Node
from dealwright.model.duration import parse_duration
from dealwright.model.layout import Layout
from dealwright.model.text import Text

_BUSINESS = re.compile(r"\d+b[dh]")
_ANCHOR = re.compile(r"(?:[&!]\S*[ \t]+)+")  # a text with an anchor begins there for the parser
_ESCAPES = {"x": 4, "u": 6, "U": 10}
_CURLY = "“”‘’"


def check_expressions(draft: Draft) -> dict[str, Node | None]:
    """Every text that the schema marks with `x-form`. Gives the checked tree of each condition, None of a wrong one."""
    scope = Scope(Layout(draft.process), draft.functions)
    seen: dict[tuple[str, str], tuple[Node | None, list[Problem]]] = {}
    for form, node in draft.walk.forms:
        if draft.findings.full:
            break
        match form:
            case "duration":
                _duration(draft, node)
            case "timezone":
                _zone(draft.walk, node)
            case "template" | "assigned" | "theirs" | "list":
                pass
            case _:
                key = (form, node.text)
                if key not in seen:
                    seen[key] = checked(node.text, scope, form)
                if not draft.walk.cut or id(node) not in draft.walk.cut:
                    any(not _problem(draft, node, problem) for problem in seen[key][1])
    return {source: tree for (form, source), (tree, _) in seen.items() if form == "condition"}


def _problem(draft: Draft, node: Scalar, problem: Problem) -> bool:
    """Take one problem of an expression; False where those that follow would only be its echo."""
    text = node.text
    found = text[problem.offset : problem.offset + problem.length]
    names = set(re.findall(r"\w+", found))
    if problem.code not in ("guard-syntax", "guard-too-long", "guard-too-complex") and names & draft.walk.dropped:
        return True  # a declaration was found wrong, and that is enough
    offset = problem.offset
    if problem.code == "undeclared-field" and "." in found:
        offset += found.rindex(".") + 1  # the part behind the dot is the one that is not there
    line, column = place_in(node, draft.walk.lines, offset)
    if text[offset : offset + 1] and text[offset] in _CURLY:
        draft.findings.add(
            "curly-quotes", line, column, "Curly quotes do not quote anything here", "弯引号在这里不起引号作用",
            Text('use straight quotes "…"', '请改用直引号 "…"'),
        )  # fmt: skip
        return False
    draft.findings.add(problem.code, line, column, problem.en, problem.zh, problem.hint)
    return True


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
    anchor = _ANCHOR.match(lines[row], column) if row < len(lines) else None
    column = anchor.end() if anchor else column
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
