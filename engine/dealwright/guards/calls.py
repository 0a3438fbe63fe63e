"""The built-in functions of expressions: what each takes, checked, and the node each becomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from dealwright.guards.checking import BROKEN, Checking, kinds
from dealwright.guards.comparing import dated
from dealwright.guards.parser import Syntax
from dealwright.guards.scope import ROLE_AT, Entry, entry_fields
from dealwright.guards.tree import (
    Artifacts,
    Call,
    Confirmed,
    Constant,
    Days,
    Formula,
    Happened,
    Has,
    LastTime,
    Node,
    OpenEntries,
    Other,
    Over,
    Own,
    Place,
    Stakeholders,
    Standing,
    Tasks,
    Today,
)
from dealwright.hookspecs import Function
from dealwright.model.layout import STAKEHOLDER_FIELDS
from dealwright.model.process import EventKind
from dealwright.model.text import Text

MAX_LISTS = 2  # a condition on an entry may ask of one more list


def _takes(checker: Checking, syntax: Syntax, least: int, most: int, form: str) -> bool:
    if least <= len(syntax.parts) <= most:
        return True
    checker.problem(syntax, "guard-type", f"{syntax.value} is written {form}", f"{syntax.value} 的写法为 {form}")
    return False


def _word(checker: Checking, syntax: Syntax) -> str | None:
    """A bare word or a text: the id of an event kind, an artifact or a role."""
    if syntax.kind in ("name", "text"):
        return str(syntax.value)
    checker.problem(syntax, "guard-type", "a name is wanted here", "此处应为名称")
    return None


def _event_kind(checker: Checking, syntax: Syntax) -> EventKind | None:
    name = _word(checker, syntax)
    if name is None:
        return None
    kind = checker.scope.event(name)
    if kind is None:
        checker.problem(
            syntax, "undeclared-event", f"no event {name[:40]} is declared", f"未声明事件 {name[:40]}",
            checker.scope.suggest(name, checker.scope.events()),
        )  # fmt: skip
    return kind


def _event(checker: Checking, syntax: Syntax) -> Node:
    if not _takes(checker, syntax, 1, 1, "event(kind)"):
        return BROKEN
    kind = _event_kind(checker, syntax.parts[0])
    return BROKEN if kind is None else Happened("boolean", kind)


def _has(checker: Checking, syntax: Syntax) -> Node:
    if not _takes(checker, syntax, 1, 1, "has(name)"):
        return BROKEN
    inner = checker.node(syntax.parts[0])
    if inner is BROKEN:
        return BROKEN
    if isinstance(inner, Artifacts):
        return Standing("boolean", inner.slot, inner.kind, "there")
    if isinstance(inner, Confirmed):
        return inner  # a confirmation is there, or it is not
    if isinstance(inner, Place | Own | Stakeholders | Tasks | Other | Formula):
        return Has("boolean", inner)
    return checker.problem(
        syntax.parts[0], "guard-type", "has(...) takes a field, an artifact or a list",
        "has(...) 中应为字段、阶段资料或列表",
        Text("a condition needs no has(...) around it", "条件外面不需要 has(...)") if inner.type == "boolean" else None,
    )  # fmt: skip


def listed(checker: Checking, syntax: Syntax) -> Node:
    """A part that gives a list; an artifact kind with `many: true` is one too."""
    node = checker.node(syntax)
    if node is BROKEN or node.type == "list" or (isinstance(node, Artifacts) and node.kind.many):
        if isinstance(node, Place) and node.field.personal:
            return checker.problem(
                syntax, "guard-personal", f"{node.field.id} is personal: only has({node.field.id}) may ask",
                f"{node.field.id} 为个人信息：只能用 has({node.field.id})",
            )  # fmt: skip
        return node
    hint = None
    if isinstance(node, Artifacts):
        hint = Text(f"{node.kind.id} would need many: true", f"{node.kind.id} 需声明 many: true")
    kind = kinds(node.type)
    return checker.problem(
        syntax, "guard-type", f"a list is wanted here, this is {kind.en}", f"此处应为列表，而这是{kind.zh}", hint
    )


def _over(how: Literal["count", "any", "all", "sum"], least: int) -> Callable[[Checking, Syntax], Node]:
    form = {"count": "count(list, condition)", "sum": "sum(list, expression)"}.get(how, f"{how}(list, condition)")

    def check(checker: Checking, syntax: Syntax) -> Node:
        if not _takes(checker, syntax, least, 2, form):
            return BROKEN
        if len(checker.entries) >= MAX_LISTS:  # the work grows by a list's length with each
            return checker.problem(
                syntax, "guard-too-complex", f"lists nest at most {MAX_LISTS} deep", f"列表最多嵌套 {MAX_LISTS} 层"
            )
        source = listed(checker, syntax.parts[0])
        if source is BROKEN:
            return BROKEN  # without the list's fields, the names of its entries mean nothing
        if len(syntax.parts) == 1:
            return Over("number", how, source, None, len(checker.entries))
        checker.entries.append(Entry(entry_fields(source), source, isinstance(source, Tasks | Other)))
        each = syntax.parts[1]
        inner = checker.value(each) if how == "sum" else checker.condition(each)
        depth = len(checker.entries) - 1
        checker.entries.pop()
        if how == "sum" and inner.type not in ("number", "money", "any"):
            kind = kinds(inner.type)
            return checker.problem(
                each,
                "guard-type",
                f"sum adds numbers or money, not {kind.en}",
                f"sum 只能对数字或金额求和，而不是{kind.zh}",
            )
        gives = inner.type if how == "sum" else "number" if how == "count" else "boolean"
        return Over(gives, how, source, inner, depth)

    return check


def _open(checker: Checking, syntax: Syntax) -> Node:
    if not _takes(checker, syntax, 1, 1, "open(list)"):
        return BROKEN
    source = listed(checker, syntax.parts[0])
    if source is BROKEN:
        return BROKEN
    if not (isinstance(source, Tasks) or (isinstance(source, Place) and source.field.closes)):
        return checker.problem(
            syntax.parts[0], "guard-type", "the entries of this list are never open or closed",
            "该列表的条目没有开闭之分",
            Text("declare the list with items: open_closed", "请为该列表声明 items: open_closed"),
        )  # fmt: skip
    return OpenEntries("number", source)


def _standing(what: Literal["complete", "approved"]) -> Callable[[Checking, Syntax], Node]:
    def check(checker: Checking, syntax: Syntax) -> Node:
        if not _takes(checker, syntax, 1, 1, f"{what}(artifact)"):
            return BROKEN
        name = _word(checker, syntax.parts[0])
        if name is None:
            return BROKEN
        layout = checker.scope.layout
        slot = layout.artifact_at.get(name)
        if slot is None:
            return checker.problem(
                syntax.parts[0], "undeclared-artifact", f"no artifact {name[:40]} is declared",
                f"未声明阶段资料 {name[:40]}", checker.scope.suggest(name, layout.artifact_at),
            )  # fmt: skip
        kind = layout.artifacts[slot]
        return Standing("boolean", slot, kind, what)

    return check


def _days_since(checker: Checking, syntax: Syntax) -> Node:
    if not _takes(checker, syntax, 1, 1, "days_since(event or date)"):
        return BROKEN
    part = syntax.parts[0]
    if part.kind in ("name", "text"):
        kind = checker.scope.event(part.value)
        named = part.kind == "name" and (
            checker.scope.bound(part.value) or any(f.id == part.value for e in checker.entries for f in e.fields)
        )
        if kind is not None and named:
            return checker.problem(
                part, "guard-ambiguous-name", f"{part.value} is an event and a field: rename one of them",
                f"{part.value} 既是事件又是字段：请改名以区分",
            )  # fmt: skip
        if kind is not None:
            return Days("number", "since", LastTime("datetime", kind))
        if not named and part.kind == "name":
            return checker.problem(
                part, "guard-unknown-name", f"{part.value} is neither an event nor a date",
                f"{part.value} 既不是事件也不是日期",
                checker.scope.suggest(part.value, [*checker.scope.events(), *checker.scope.names()]),
            )  # fmt: skip
    return _days(checker, part, "since")


def _days_until(checker: Checking, syntax: Syntax) -> Node:
    if not _takes(checker, syntax, 1, 1, "days_until(date)"):
        return BROKEN
    return _days(checker, syntax.parts[0], "until")


def _days(checker: Checking, part: Syntax, how: Literal["since", "until"]) -> Node:
    node = checker.value(part)
    if isinstance(node, Constant) and node.type == "text":
        node = dated(checker, part, node.value)
    if node is BROKEN:
        return BROKEN
    if node.type not in ("date", "datetime", "any"):
        kind = kinds(node.type)
        return checker.problem(
            part,
            "guard-type",
            f"days_{how}(...) takes a date, not {kind.en}",
            f"days_{how}(...) 中应为日期，而不是{kind.zh}",
        )
    return Days("number", how, node)


def _today(checker: Checking, syntax: Syntax) -> Node:
    return Today("date") if _takes(checker, syntax, 0, 0, "today()") else BROKEN


def _stakeholders(checker: Checking, syntax: Syntax) -> Node:
    if not _takes(checker, syntax, 0, 1, "stakeholders(role)"):
        return BROKEN
    if not syntax.parts:
        return Stakeholders("list")
    role = _word(checker, syntax.parts[0])
    options = STAKEHOLDER_FIELDS[ROLE_AT].values
    if role is None:
        return BROKEN
    if role not in options:
        shown = ", ".join(options)
        return checker.problem(
            syntax.parts[0], "guard-type", f"{role[:40]} is no role of a stakeholder: {shown}",
            f"{role[:40]} 不是干系人角色：{shown}", checker.scope.suggest(role, options),
        )  # fmt: skip
    return Stakeholders("list", role)


CALLS: dict[str, Callable[[Any, Syntax], Node]] = {
    "has": _has,
    "event": _event,
    "count": _over("count", 1),
    "any": _over("any", 2),
    "all": _over("all", 2),
    "sum": _over("sum", 2),
    "open": _open,
    "complete": _standing("complete"),
    "approved": _standing("approved"),
    "days_since": _days_since,
    "days_until": _days_until,
    "today": _today,
    "stakeholders": _stakeholders,
}

# A parameter's type, and the expression types that it takes.
_FITS = {
    "text": ("text", "choice", "person", "stakeholder", "record", "month"),
    "number": ("number",), "boolean": ("boolean",), "date": ("date",), "money": ("money",), "list": ("list",),
}  # fmt: skip


def plugin_call(checker: Checking, syntax: Syntax, function: Function) -> Node:
    """A call of a plugin's function, its arguments matched against what it takes."""
    form = f"{function.name}({', '.join(function.takes)})"
    if not _takes(checker, syntax, len(function.takes), len(function.takes), form):
        return BROKEN
    arguments: list[Node] = []
    for part, wants in zip(syntax.parts, function.takes, strict=True):
        node = listed(checker, part) if wants == "list" else checker.value(part)
        if node is BROKEN:
            continue
        if wants in _FITS and wants != "list" and node.type not in (*_FITS[wants], "any"):
            want, kind = kinds(wants), kinds(node.type)
            checker.problem(
                part,
                "guard-type",
                f"{form} takes {want.en} here, not {kind.en}",
                f"{form} 此处应为{want.zh}，而不是{kind.zh}",
            )
            continue
        arguments.append(node)
    if len(arguments) < len(function.takes):
        return BROKEN
    return Call(function.gives, function, tuple(arguments))
