"""Tokens to a syntax tree: a bounded subset of Python's expressions, read by precedence.

Our own, not `ast`: the bounds hold before anything is nested, the offsets are code
points, the messages are ours in both languages, and nothing varies with the Python version.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from dealwright.guards.lexer import Token, tokenize
from dealwright.guards.problem import Problem
from dealwright.model.text import Text

MAX_NODES = 100
MAX_DEPTH = 20

_ORDER = ("==", "!=", "<", "<=", ">", ">=")
_WORDS = ("and", "or", "not", "in")
_FOREIGN = ("if", "else", "is", "lambda", "for", "await", "yield")


class Syntax(Struct, frozen=True):
    """One node. `kind`: name number text list call attribute negative not and or arithmetic compare.

    `value` is a name, a literal or an operator (for compare: its operators); `start`
    and `end` are code points of the source.
    """

    kind: str
    start: int
    end: int
    value: Any
    parts: tuple[Syntax, ...] = ()


class _StopError(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def parse(source: str) -> tuple[Syntax | None, list[Problem]]:
    """The tree of `source`, or None and the problems. Never raises, however hostile the text."""
    tokens, problems = tokenize(source)
    if problems:
        return None, problems
    if len(tokens) == 1:
        return None, [Problem("guard-syntax", 0, 0, "the expression is empty", "表达式为空")]
    try:
        return _Parser(tokens).whole(), []
    except _StopError as stop:
        return None, [stop.problem]


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._next = tokens[0]
        self._nodes = 0
        self._depth = 0

    def whole(self) -> Syntax:
        tree = self._or()
        if self._next.kind != "end":
            raise self._unexpected()
        return tree

    # -- moving over the tokens

    def _take(self) -> Token:
        token = self._next
        self._at += 1
        self._next = self._tokens[self._at]
        return token

    def _is(self, text: str) -> bool:
        return self._next.text == text and self._next.kind in ("op", "name")

    def _expect(self, text: str) -> Token:
        if not self._is(text):
            raise self._unexpected(text)
        return self._take()

    def _unexpected(self, wanted: str = "") -> _StopError:
        token = self._next
        want = Text(f", expected {wanted}", f"，应为 {wanted}") if wanted else Text("", "")
        if token.kind == "end":
            en, zh = f"the expression ends too early{want.en}", f"表达式不完整{want.zh}"
        else:
            shown = token.text[:40]
            en, zh = f"{shown} is not possible here{want.en}", f"此处不能出现 {shown}{want.zh}"
        hint = None
        if token.text in _FOREIGN:
            hint = Text("only and, or, not and in join conditions", "条件只能用 and、or、not、in 连接")
        return _StopError(Problem("guard-syntax", token.start, token.end - token.start, en, zh, hint))

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._too_complex(
                f"an expression nests at most {MAX_DEPTH} levels deep", f"表达式最多嵌套 {MAX_DEPTH} 层"
            )

    def _too_complex(self, en: str, zh: str) -> _StopError:
        token = self._next
        return _StopError(Problem("guard-too-complex", token.start, token.end - token.start, en, zh))

    def _node(self, kind: str, start: int, end: int, value: Any, parts: tuple[Syntax, ...] = ()) -> Syntax:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self._too_complex(f"an expression has at most {MAX_NODES} parts", f"表达式最多 {MAX_NODES} 个部分")
        return Syntax(kind, start, end, value, parts)

    # -- the grammar, loosest first

    def _or(self) -> Syntax:
        self._enter()
        tree = self._joined("or", self._and)
        self._depth -= 1
        return tree

    def _and(self) -> Syntax:
        return self._joined("and", self._not)

    def _joined(self, word: str, inner: Any) -> Syntax:
        first: Syntax = inner()
        if not self._is(word):
            return first
        parts = [first]
        while self._is(word):
            self._take()
            parts.append(inner())
        return self._node(word, first.start, parts[-1].end, word, tuple(parts))

    def _not(self) -> Syntax:
        if not self._is("not"):
            return self._comparison()
        start = self._take().start
        self._enter()
        inner = self._not()
        self._depth -= 1
        return self._node("not", start, inner.end, "not", (inner,))

    def _comparison(self) -> Syntax:
        parts = [self._sum()]
        operators: list[str] = []
        while True:
            if self._next.kind == "op" and self._next.text in _ORDER:
                operators.append(self._take().text)
            elif self._is("in"):
                self._take()
                operators.append("in")
            elif self._is("not"):
                self._take()
                self._expect("in")
                operators.append("not in")
            else:
                break
            parts.append(self._sum())
        if not operators:
            return parts[0]
        return self._node("compare", parts[0].start, parts[-1].end, tuple(operators), tuple(parts))

    def _sum(self) -> Syntax:
        return self._arithmetic(("+", "-"), self._product)

    def _product(self) -> Syntax:
        return self._arithmetic(("*", "/"), self._unary)

    def _arithmetic(self, operators: tuple[str, str], inner: Any) -> Syntax:
        left: Syntax = inner()
        while self._next.kind == "op" and self._next.text in operators:
            operator = self._take().text
            right = inner()
            left = self._node("arithmetic", left.start, right.end, operator, (left, right))
        return left

    def _unary(self) -> Syntax:
        if not self._is("-"):
            return self._postfix()
        start = self._take().start
        self._enter()
        inner = self._unary()
        self._depth -= 1
        return self._node("negative", start, inner.end, "-", (inner,))

    def _postfix(self) -> Syntax:
        tree = self._atom()
        while self._next.kind == "op" and self._next.text in ("(", "."):
            if self._next.text == ".":
                self._take()
                if self._next.kind != "name":
                    raise self._unexpected()
                name = self._take()
                tree = self._node("attribute", tree.start, name.end, name.text, (tree,))
            elif tree.kind == "name":
                self._take()
                arguments = self._listed(")")
                end = self._expect(")").end
                tree = self._node("call", tree.start, end, tree.value, arguments)
            else:
                raise self._unexpected()
        return tree

    def _listed(self, close: str) -> tuple[Syntax, ...]:
        parts: list[Syntax] = []
        while not self._is(close):
            parts.append(self._or())
            if not self._is(","):
                break
            self._take()
        return tuple(parts)

    def _atom(self) -> Syntax:
        token = self._next
        if token.kind == "name" and token.text not in _WORDS:
            self._take()
            return self._node("name", token.start, token.end, token.text)
        if token.kind == "number":
            self._take()
            value = float(token.text) if "." in token.text else int(token.text)
            return self._node("number", token.start, token.end, value)
        if token.kind == "text":
            self._take()
            return self._node("text", token.start, token.end, token.text[1:-1])
        if self._is("("):
            self._take()
            inner = self._or()
            self._expect(")")
            return inner
        if self._is("["):
            self._take()
            parts = self._listed("]")
            end = self._expect("]").end
            return self._node("list", token.start, end, None, parts)
        raise self._unexpected()
