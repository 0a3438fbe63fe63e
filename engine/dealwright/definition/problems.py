"""Problems of expressions as findings of the file: each at its own line and column, however the text was written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dealwright.definition.draft import Draft
from dealwright.definition.nodes import Scalar
from dealwright.guards.problem import Problem
from dealwright.model.text import Text

_ANCHOR = re.compile(r"(?:[&!]\S*[ \t]+)+")  # a text with an anchor begins there for the parser
_ESCAPES = {"x": 4, "u": 6, "U": 10}
_CURLY = "“”‘’"
_UNREADABLE = ("guard-syntax", "guard-too-long", "guard-too-complex")


def report(draft: Draft, node: Scalar, problems: Sequence[Problem], shift: int = 0) -> None:
    """Take the problems of an expression that begins `shift` characters into a text; none of a text that was cut."""
    if draft.walk.cut and id(node) in draft.walk.cut:
        return
    any(not _problem(draft, node, problem, shift) for problem in problems)


def _problem(draft: Draft, node: Scalar, problem: Problem, shift: int) -> bool:
    """Take one problem of an expression; False where those that follow would only be its echo."""
    text = node.text
    offset = problem.offset + shift
    found = text[offset : offset + problem.length]
    names = set(re.findall(r"\w+", found))
    if problem.code not in _UNREADABLE and names & draft.walk.dropped:
        return True  # a declaration was found wrong, and that is enough
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
