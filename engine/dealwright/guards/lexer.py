"""Text to tokens. Length, numbers and characters are bounded here, before anything is built from the text."""

from __future__ import annotations

import re
from typing import NamedTuple

from dealwright.guards.problem import Problem
from dealwright.model.text import Text

MAX_LENGTH = 500
MAX_DIGITS = 18

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<number>[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<text>\"[^\"\\\r\n]*\"|'[^'\\\r\n]*')|(?P<op>[=!<>]=|\*\*|//|[()\[\],.+\-*/<>])"
)
# What people type instead, and what this language writes for it.
_INSTEAD = {
    "&&": "and", "||": "or", "&": "and", "|": "or", "!": "not", "=": "==", "≥": ">=", "≤": "<=", "≠": "!=",
    "＝": "==", "“": '"', "”": '"', "‘": "'", "’": "'", "（": "(", "）": ")", "，": ",", "。": ".", "＞": ">",
    "＜": "<", "×": "*", "÷": "/", "【": "[", "】": "]", "－": "-", "−": "-",
}  # fmt: skip


class Token(NamedTuple):
    """`kind` is name, number, text, op or end; `start` and `end` are offsets into the source."""

    kind: str
    text: str
    start: int
    end: int


def tokenize(source: str) -> tuple[list[Token], list[Problem]]:
    """Every token of `source` and an end token; with problems the tokens are of no use."""
    if len(source) > MAX_LENGTH:
        return [], [
            Problem(
                "guard-too-long", MAX_LENGTH, len(source) - MAX_LENGTH,
                f"an expression has at most {MAX_LENGTH} characters, this one {len(source)}",
                f"表达式最多 {MAX_LENGTH} 个字符，此处有 {len(source)} 个",
            )
        ]  # fmt: skip
    tokens: list[Token] = []
    problems: list[Problem] = []
    at = 0
    match = _TOKEN.match
    while at < len(source):
        found = match(source, at)
        if found is None:
            problem = _stray(source, at)
            problems.append(problem)
            at = problem.offset + problem.length
            continue
        kind, text, start, at = found.lastgroup or "", found.group(), at, found.end()
        if kind == "space":
            continue
        if kind == "number":
            problem_or_none = _number_problem(source, text, start, at)
            if problem_or_none:
                problems.append(problem_or_none)
                at = problem_or_none.offset + problem_or_none.length
        elif kind == "text" and tokens and tokens[-1].kind == "name" and tokens[-1].end == start:
            if tokens[-1].text not in ("in", "and", "or", "not"):
                problems.append(_syntax(start, 1, "a name runs into a quote", "名称与引号之间缺少分隔"))
        elif text in ("**", "//"):
            problems.append(_syntax(start, 2, f"the operator {text} does not exist here", f"不支持运算符 {text}"))
        tokens.append(Token(kind, text, start, at))
    tokens.append(Token("end", "", len(source), len(source)))
    return tokens, problems


def _syntax(offset: int, length: int, en: str, zh: str, hint: Text | None = None) -> Problem:
    return Problem("guard-syntax", offset, length, en, zh, hint)


def _number_problem(source: str, text: str, start: int, end: int) -> Problem | None:
    tail = re.compile(r"[A-Za-z0-9_.]*").match(source, end)
    stop = tail.end() if tail else end
    if stop > end:
        shown = source[start : min(stop, start + 40)]
        return _syntax(start, stop - start, f"{shown} is no number", f"{shown} 不是数字")
    if len(text) > 1 and text[0] == "0" and text[1] != ".":
        return _syntax(start, end - start, "a number does not begin with 0", "数字不能以 0 开头")
    if sum(c.isdigit() for c in text) > MAX_DIGITS:
        return _syntax(start, end - start, f"a number has at most {MAX_DIGITS} digits", f"数字最多 {MAX_DIGITS} 位")
    return None


def _stray(source: str, at: int) -> Problem:
    char = source[at]
    if char in "\"'":
        close = source.find(char, at + 1)
        if close > 0 and "\\" in source[at:close]:
            return _syntax(
                at, close - at + 1, "text takes no backslash", "文本中不能使用反斜杠",
                Text("use the other kind of quote around it", "请改用另一种引号包围"),
            )  # fmt: skip
        return _syntax(at, len(source) - at, "a quote is not closed", "引号没有闭合")
    for typed in (source[at : at + 2], char):
        if typed in _INSTEAD:
            meant = _INSTEAD[typed]
            return _syntax(
                at, len(typed), f"{typed} means nothing here", f"此处不能使用 {typed}",
                Text(f"write {meant}", f"请写 {meant}"),
            )  # fmt: skip
    if char.isalpha():
        end = at
        while at > 0 and (source[at - 1].isalnum() or source[at - 1] == "_"):
            at -= 1  # the name may have begun in ASCII
        while end < len(source) and (source[end].isalnum() or source[end] == "_"):
            end += 1
        shown = source[at:end][:40]
        return _syntax(
            at, end - at, f"{ascii(shown)[1:-1]} is no name: names are plain ASCII letters, digits and _",
            f"{shown} 不是名称：名称只含英文字母、数字和下划线",
            Text("text stands in quotes", "文本请加引号"),
        )  # fmt: skip
    return _syntax(at, 1, f"{ascii(char)[1:-1]} means nothing here", f"此处不能使用字符 {ascii(char)[1:-1]}")
