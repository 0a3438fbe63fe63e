"""What the parts of the checker share: who checks, what types are called, what stands for a broken part."""

from __future__ import annotations

from typing import Protocol

from dealwright.guards.parser import Syntax
from dealwright.guards.problem import Problem
from dealwright.guards.scope import Entry, Scope
from dealwright.guards.tree import Constant, Node
from dealwright.model.text import Text

BROKEN = Constant("any", None)  # stands for a part with a problem, so that the rest is still checked


class Checking(Protocol):
    """The checker, as the rules for calls and comparisons see it."""

    scope: Scope
    problems: list[Problem]
    entries: list[Entry]

    def problem(self, at: Syntax, code: str, en: str, zh: str, hint: Text | None = None) -> Node:
        """Note a problem; gives the broken part's stand-in."""
        ...

    def condition(self, syntax: Syntax) -> Node:
        """Check a part that must be true or false."""
        ...

    def value(self, syntax: Syntax) -> Node:
        """Check a part that gives any single value."""
        ...

    def node(self, syntax: Syntax) -> Node:
        """Check any part."""
        ...

    def finished(self, whole: Syntax, tree: Node) -> list[Problem]:
        """Every problem, once the whole is checked."""
        ...


_KINDS = {
    "number": Text("a number", "数字"), "text": Text("text", "文本"), "boolean": Text("true or false", "是非值"),
    "date": Text("a date", "日期"), "month": Text("a month", "月份"), "datetime": Text("an instant", "时刻"),
    "money": Text("money", "金额"), "choice": Text("a choice", "选项"), "list": Text("a list", "列表"),
    "file": Text("a file", "文件"), "person": Text("a person", "团队成员"),
    "stakeholder": Text("a stakeholder", "干系人"), "artifact": Text("an artifact", "阶段资料"),
    "record": Text("a record", "关联对象"),
}  # fmt: skip


def kinds(kind: str) -> Text:
    """What a type is called, with its article in English."""
    return _KINDS.get(kind, Text(f"a {kind}", kind))
