"""Texts with `{{ EXPRESSION }}` in them: checked where they are written, filled with a deal's values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from dealwright.guards.checker import Checker
from dealwright.guards.evidence import Names
from dealwright.guards.guard import Guard, circles, guard_of
from dealwright.guards.moment import Moment
from dealwright.guards.parser import parse
from dealwright.guards.problem import InvalidGuardError, Problem
from dealwright.guards.rendering import in_text
from dealwright.guards.scope import Scope
from dealwright.guards.tree import Node, Place
from dealwright.model.deal import Deal, Ref

MAX_EXPRESSIONS = 40
UNKNOWN_TEXT = "____"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

Swap = Callable[[Ref], str | None]


class Blank(NamedTuple):
    """A `{{ EXPRESSION }}`; `offset` is where its expression begins in the text."""

    source: str
    offset: int


class Filling(NamedTuple):
    """A blank ready to be filled: its checked tree, and the guard that gives its value."""

    tree: Node
    guard: Guard


class Pattern:
    """A text ready to be filled for any deal of its process. `names` are those that all its expressions use."""

    __slots__ = ("_parts",)

    def __init__(self, parts: tuple[str | Filling, ...]) -> None:
        self._parts = parts

    @property
    def names(self) -> Names:
        """The ids of the fields, artifacts, events, functions and records that it uses."""
        used = [part.guard.names for part in self._parts if isinstance(part, Filling)]
        return Names(*(frozenset[str]().union(*(names[at] for names in used)) for at in range(len(Names._fields))))

    def pieces(self, deal: Deal, fresh: int, moment: Moment, lang: str) -> tuple[str | Ref, ...]:
        """The text in pieces: as it reads, or a Ref where a personal value belongs; `____` for what is unknown."""
        pieces: list[str | Ref] = []
        for part in self._parts:
            if isinstance(part, str):
                pieces.append(part)
                continue
            value = part.guard.value(deal, fresh, moment)
            if value is None:
                pieces.append(UNKNOWN_TEXT)
            else:
                pieces.append(value if isinstance(value, Ref) else clean(in_text(part.tree, value, deal, moment, lang)))
        return tuple(pieces)

    def fill(self, deal: Deal, fresh: int, moment: Moment, lang: str, swap: Swap | None = None) -> str:
        """The text whole. `swap` gives the value of a Ref, or None; without it personal values read `____`."""
        whole = ""
        for piece in self.pieces(deal, fresh, moment, lang):
            shown = piece if isinstance(piece, str) else clean((swap(piece) if swap else None) or UNKNOWN_TEXT)
            whole += shown
        return whole


def clean(text: str) -> str:
    """`text` without control characters (line ends and tabs stay), bidi overrides and lone surrogates."""
    return _UNPRINTABLE.sub("", text)


def check_text(text: str, scope: Scope, *, personal: bool = False) -> list[Problem]:
    """Every problem of the expressions in `text`, with offsets into it. `personal` lets a bare personal field stand."""
    return _compiled(text, scope, personal)[1]


def compile_text(text: str, scope: Scope, *, personal: bool = False) -> Pattern:
    """The pattern of a text, made once per scope. Raises InvalidGuardError with every problem."""
    key = (text, personal)
    pattern = scope.texts.get(key)
    if pattern is None:
        parts, problems = _compiled(text, scope, personal)
        if problems:
            raise InvalidGuardError(text, problems)
        pattern = scope.texts[key] = Pattern(tuple(parts))
    return pattern


def fill(
    text: str, deal: Deal, fresh: int, moment: Moment, scope: Scope, lang: str, *, swap: Swap | None = None
) -> str:
    """`text` with the deal's values. With `swap`, which gives the value of a Ref, personal fields may stand in it.

    Raises InvalidGuardError for a text that never passed validation.
    """
    return compile_text(text, scope, personal=swap is not None).fill(deal, fresh, moment, lang, swap)


def blanks(text: str) -> tuple[list[str | Blank], list[Problem]]:
    """`text` taken apart, and what is wrong with its braces. Never raises."""
    parts: list[str | Blank] = []
    at = count = 0
    while (start := text.find("{{", at)) >= 0:
        end = text.find("}}", start + 2)
        count += 1
        if end < 0:
            return parts, [
                Problem("guard-syntax", start, 2, "this {{ is never closed by }}", "此处的 {{ 没有对应的 }}")
            ]
        if count > MAX_EXPRESSIONS:
            en, zh = f"a text has at most {MAX_EXPRESSIONS} expressions", f"一段文字最多 {MAX_EXPRESSIONS} 个表达式"
            return parts, [Problem("guard-too-complex", start, end + 2 - start, en, zh)]
        parts += [text[at:start], Blank(text[start + 2 : end], start + 2)]
        at = end + 2
    parts.append(text[at:])
    return [part for part in parts if part], []


def _compiled(text: str, scope: Scope, personal: bool) -> tuple[list[str | Filling], list[Problem]]:
    parts, problems = blanks(text)
    compiled: list[str | Filling] = []
    for part in parts:
        if isinstance(part, str):
            compiled.append(clean(part))
            continue
        tree, found = _value(part.source, scope, personal)
        problems += [problem._replace(offset=problem.offset + part.offset) for problem in found]
        if tree is not None:
            compiled.append(Filling(tree, guard_of(part.source, tree, scope, "value")))
    return compiled, sorted(problems, key=lambda problem: problem.offset)


def _value(source: str, scope: Scope, personal: bool) -> tuple[Node | None, list[Problem]]:
    syntax, problems = parse(source)
    if syntax is None:
        return None, problems
    if personal and syntax.kind in ("name", "attribute"):
        node = Checker(scope).node(syntax)
        if isinstance(node, Place) and node.field.personal and node.type != "list":
            return node, []
    checker = Checker(scope)
    node = checker.value(syntax)
    problems = checker.finished(syntax, node) or circles(source, node, scope)
    return (None, problems) if problems else (node, [])


def expressions(text: str) -> Iterator[str]:
    """The expressions in a text, as written."""
    yield from (part.source for part in blanks(text)[0] if isinstance(part, Blank))
