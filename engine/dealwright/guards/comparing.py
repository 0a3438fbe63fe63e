"""Which values may be compared, and how a constant is read for what it is compared with."""

from __future__ import annotations

import re
from datetime import date, datetime

from dealwright.guards.checking import BROKEN, Checking, kinds
from dealwright.guards.parser import Syntax
from dealwright.guards.tree import Among, Compare, Constant, Formula, Node, Not, Own, Place
from dealwright.model.text import Text

_KIN = {
    "number": "quantity", "money": "quantity", "date": "day", "datetime": "day", "month": "month", "text": "text",
    "choice": "text", "person": "text", "stakeholder": "text", "record": "text", "boolean": "truth",
}  # fmt: skip
_ORDERED = ("quantity", "day", "month", "any")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def comparison(checker: Checking, whole: Syntax, operator: str, left: Syntax, right: Syntax) -> Node:
    """`left operator right`, or the stand-in of a broken part after noting why."""
    a, b = checker.value(left), checker.value(right)
    if a is BROKEN or b is BROKEN:
        return BROKEN
    a, b = _fitted(checker, left, a, b), _fitted(checker, right, b, a)
    if a is BROKEN or b is BROKEN:
        return BROKEN
    kin = _kinship(a, b)
    if kin is None:
        x, y = kinds(a.type), kinds(b.type)
        return checker.problem(
            whole, "guard-type", f"{x.en} does not compare with {y.en}", f"{x.zh}与{y.zh}无法比较", _quoted(a, b)
        )
    if operator not in ("==", "!=") and kin not in _ORDERED:
        x = kinds(a.type)
        return checker.problem(
            whole,
            "guard-type",
            f"{x.en} has no order: only == and != compare it",
            f"{x.zh}没有大小之分：只能用 == 或 !=",
        )
    if kin == "truth":
        for one, other in ((a, b), (b, a)):
            if isinstance(one, Constant):  # `x == true` says x: one form for evidence, words and remedies
                return other if one.value == (operator == "==") else Not("boolean", other)
    return Compare("boolean", operator, a, b)


def among(checker: Checking, left: Syntax, right: Syntax) -> Node:
    """`left in [constants]`."""
    value = checker.value(left)
    if right.kind != "list" or not right.parts:
        hint = Text('write for example: source in ["referral", "event"]', '例如：source in ["referral", "event"]')
        return checker.problem(right, "guard-type", "after in stands a list of constants", "in 之后应为常量列表", hint)
    options: list[Constant] = []
    for part in right.parts:
        option = checker.node(part)
        if option is BROKEN or value is BROKEN:
            continue
        if not isinstance(option, Constant):
            checker.problem(part, "guard-type", "only constants stand in this list", "列表中只能写常量")
            continue
        fitted = _fitted(checker, part, option, value)
        if fitted is BROKEN or not isinstance(fitted, Constant):
            continue
        if _kinship(value, fitted) is None:
            x, y = kinds(value.type), kinds(fitted.type)
            checker.problem(
                part,
                "guard-type",
                f"{x.en} does not compare with {y.en}",
                f"{x.zh}与{y.zh}无法比较",
                _quoted(value, fitted),
            )
            continue
        options.append(fitted)
    return Among("boolean", value, tuple(options)) if len(options) == len(right.parts) else BROKEN


def _kinship(a: Node, b: Node) -> str | None:
    if "any" in (a.type, b.type):
        return "any"
    x, y = _KIN.get(a.type), _KIN.get(b.type)
    return x if x == y else None


def _quoted(a: Node, b: Node) -> Text | None:
    types = (_KIN.get(a.type), _KIN.get(b.type))
    for one, other in ((a, types[1]), (b, types[0])):
        if isinstance(one, Constant) and one.type in ("number", "boolean") and other == "text":
            shown = {True: "true", False: "false"}.get(one.value, one.value) if one.type == "boolean" else one.value
            return Text(f'write "{shown}"', f'请写 "{shown}"')
        if isinstance(one, Constant) and one.type == "text" and other == "quantity":
            return Text("write the number without quotes", "数字不加引号")
    return None


def _fitted(checker: Checking, at: Syntax, node: Node, other: Node) -> Node:
    """A text constant read as what it is compared with; a choice's constant must be one of its options."""
    if not isinstance(node, Constant) or node.type != "text":
        return node
    text = node.value
    if other.type == "date":
        return dated(checker, at, text)
    if other.type == "datetime":
        return _timed(checker, at, text)
    if other.type == "month":
        if _MONTH.fullmatch(text):
            return Constant("month", text)
        return checker.problem(
            at,
            "guard-type",
            f"{text[:40]!r} is no month: write one such as 2026-03",
            f"{text[:40]!r} 不是月份，应如 2026-03",
        )
    options = _options(other)
    if options and text not in options:
        hint = checker.scope.suggest(text, options)
        shown = ", ".join(options)
        return checker.problem(
            at, "guard-type", f"{text[:40]!r} is none of: {shown}", f"{text[:40]!r} 不在可选值之内：{shown}", hint
        )
    return node


def _options(node: Node) -> tuple[str, ...]:
    if isinstance(node, Place | Formula) and node.field.type == "choice":
        return tuple(node.field.values)
    return node.options if isinstance(node, Own) else ()


def dated(checker: Checking, at: Syntax, text: str) -> Node:
    """The date that an ISO text names, or the stand-in of a broken part after noting why."""
    try:
        return Constant("date", date.fromisoformat(text))
    except ValueError:
        return checker.problem(
            at, "guard-type", f"{text[:40]!r} is no date: write one such as 2026-03-05",
            f"{text[:40]!r} 不是日期，应如 2026-03-05",
        )  # fmt: skip


def _timed(checker: Checking, at: Syntax, text: str) -> Node:
    try:
        if len(text) <= 10:
            return Constant("date", date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        return checker.problem(
            at, "guard-type", f"{text[:40]!r} is no instant: write one such as 2026-03-05T09:30:00Z",
            f"{text[:40]!r} 不是时刻，应如 2026-03-05T09:30:00Z",
        )  # fmt: skip
    return Constant("datetime", moment)
