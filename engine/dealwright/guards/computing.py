"""Computed fields resolved: each formula checked once, those first that others build on, and circles named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from dealwright.guards.checking import Checking, kinds
from dealwright.guards.parser import Syntax, parse
from dealwright.guards.problem import Problem
from dealwright.guards.scope import Scope
from dealwright.guards.tree import Arithmetic, Constant, Formula, Node, Place, size
from dealwright.model.money import Money
from dealwright.model.process import Field

MAX_DEPTH = 20  # formulas that build on each other
_TEXTS = ("text", "choice", "person", "stakeholder", "record", "month")
_COMPUTED = ("text", "number", "boolean", "date", "month", "datetime", "money", "choice", "person", "stakeholder",
             "record")  # fmt: skip

NewChecker = Callable[[Scope], Checking]


class Computed(NamedTuple):
    """A formula checked: its tree, fitted to the field's type, or None and what is wrong with it."""

    tree: Formula | None
    problems: list[Problem]


def computed(name: str, scope: Scope, checker: NewChecker) -> Computed:
    """The formula of a field of the process; all of them are checked, by new checkers, when the first is asked for."""
    if not scope.formulas:
        _check_all(scope, checker)
    found: Computed = scope.formulas[name]
    return found


def _check_all(scope: Scope, checker: NewChecker) -> None:
    fields = {field.id: field for field in scope.layout.fields if field.formula}
    uses = {name: _used(field.formula, fields) for name, field in fields.items()}
    users: dict[str, list[str]] = {name: [] for name in fields}
    for name, used in uses.items():
        for other in used:
            users[other].append(name)
    depth: dict[str, int] = {}
    unsettled = {name: len(used) for name, used in uses.items()}
    ready = [name for name, count in unsettled.items() if not count]
    for name in ready:  # grows: whatever only builds on what is settled is settled next
        depth[name] = 1 + max((depth[other] for other in uses[name]), default=0)
        for user in users[name]:
            unsettled[user] -= 1
            if not unsettled[user]:
                ready.append(user)
    for name, shown in _circles(uses, [name for name in fields if name not in depth]).items():
        scope.formulas[name] = Computed(None, [_circle(fields[name], shown)])
    for name in sorted(depth, key=depth.__getitem__):
        scope.formulas[name] = _checked(fields[name], depth[name], scope, checker(scope))


def _used(source: str, among: dict[str, Field]) -> list[str]:
    syntax, _ = parse(source)
    return [] if syntax is None else sorted({name for name in _names(syntax) if name in among})


def _names(syntax: Syntax) -> Iterator[str]:
    if syntax.kind == "name":
        yield syntax.value
    for part in syntax.parts:
        yield from _names(part)


def _circles(uses: dict[str, list[str]], unsettled: list[str]) -> dict[str, str]:
    """The circle that each formula is part of or leads to: whatever is never settled uses another such."""
    among = set(unsettled)
    onward = {name: next(other for other in uses[name] if other in among) for name in unsettled}
    shown: dict[str, str] = {}
    for start in unsettled:
        path: dict[str, None] = {}
        name = start
        while name not in path and name not in shown:
            path[name] = None
            name = onward[name]
        if name not in shown:
            names = list(path)
            ring = names[names.index(name) :]
            shown[name] = " → ".join([*ring[:8], *(["…"] if len(ring) > 8 else []), name])
        shown.update(dict.fromkeys(path, shown[name]))
    return shown


def _circle(field: Field, shown: str) -> Problem:
    return Problem(
        "guard-type", 0, len(field.formula), f"formulas go round in a circle: {shown}", f"公式循环引用：{shown}"
    )


def _checked(field: Field, depth: int, scope: Scope, checker: Checking) -> Computed:
    if depth > MAX_DEPTH:
        problem = Problem(
            "guard-too-complex", 0, len(field.formula), f"formulas build on each other at most {MAX_DEPTH} deep",
            f"公式最多逐层引用 {MAX_DEPTH} 层",
        )  # fmt: skip
        return Computed(None, [problem])
    syntax, problems = parse(field.formula)
    if syntax is None:
        return Computed(None, problems)
    inner = checker.condition(syntax) if field.type == "boolean" else checker.value(syntax)
    problems = checker.finished(syntax, inner)
    if problems:
        return Computed(None, problems)
    fitted = _fitted(field, inner, scope)
    if fitted is None:
        want, kind = kinds(field.type), kinds(inner.type)
        en, zh = f"{field.id} is {want.en}, its formula gives {kind.en}", f"{field.id} 为{want.zh}，而公式得出{kind.zh}"
        if field.type not in _COMPUTED:
            en, zh = f"{want.en} is never computed", f"{want.zh}不能由公式得出"
        return Computed(None, [Problem("guard-type", 0, len(field.formula), en, zh)])
    return Computed(Formula(field.type, field, fitted, 1 + size(fitted)), [])


def _fitted(field: Field, inner: Node, scope: Scope) -> Node | None:
    """The tree that gives the field's type, or None."""
    if field.type not in _COMPUTED:
        return None
    if field.type == "choice":
        source = inner.field if isinstance(inner, Place | Formula) and inner.type == "choice" else None
        return inner if source is not None and set(source.values) <= set(field.values) else None
    if field.type == "money" and inner.type == "number":
        return Arithmetic("money", "*", inner, Constant("money", Money(Decimal(1), scope.layout.currency)))
    if field.type == inner.type or (field.type == "text" and inner.type in _TEXTS):
        return inner
    return None
