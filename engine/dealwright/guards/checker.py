"""Syntax to a checked tree: names bound, types matched. Every problem of an expression is found, not the first."""

from __future__ import annotations

from itertools import chain
from typing import Any

from dealwright.guards.calls import CALLS, plugin_call
from dealwright.guards.checking import BROKEN, kinds
from dealwright.guards.comparing import among, comparison
from dealwright.guards.computing import computed
from dealwright.guards.parser import Syntax, parse
from dealwright.guards.problem import Problem
from dealwright.guards.scope import Entry, Scope, typed
from dealwright.guards.tree import (
    And,
    Arithmetic,
    Artifacts,
    Confirmed,
    Constant,
    EntryId,
    Node,
    Not,
    Or,
    Other,
    Place,
    Stakeholders,
    size,
)
from dealwright.model.process import Field
from dealwright.model.text import Text

MAX_EXPANDED = 400


def checked(source: str, scope: Scope, wants: str) -> tuple[Node | None, list[Problem]]:
    """The checked tree of `source`, or None and every problem. `wants` is condition or value."""
    syntax, problems = parse(source)
    if syntax is None:
        return None, problems
    checker = Checker(scope)
    node = checker.condition(syntax) if wants == "condition" else checker.value(syntax)
    found = checker.finished(syntax, node)
    return (None, found) if found else (node, [])


class Checker:
    """Checks one expression; `entries` are the lists it is inside of, outermost first.

    `each` tells that the first of them is a criterion's `for_each`.
    """

    def __init__(self, scope: Scope, each: Entry | None = None) -> None:
        self.scope = scope
        self.problems: list[Problem] = []
        self.each = each is not None
        self.entries: list[Entry] = [] if each is None else [each]

    def problem(self, at: Syntax, code: str, en: str, zh: str, hint: Text | None = None) -> Node:
        """Note a problem at `at`; gives the node that stands for the broken part."""
        self.problems.append(Problem(code, at.start, at.end - at.start, en, zh, hint))
        return BROKEN

    def finished(self, whole: Syntax, tree: Node) -> list[Problem]:
        """Every problem in reading order, once the whole is checked: also where formulas make it too large."""
        if self.scope.computes and not self.problems and size(tree) > MAX_EXPANDED:
            self.problem(
                whole, "guard-too-complex",
                f"with its formulas written out, an expression has at most {MAX_EXPANDED} parts",
                f"代入公式后，表达式最多 {MAX_EXPANDED} 个部分",
            )  # fmt: skip
        return sorted(self.problems, key=lambda p: p.offset)

    # -- what is wanted of a part

    def condition(self, syntax: Syntax) -> Node:
        """A part that must be true or false."""
        node = self.node(syntax)
        if node.type in ("boolean", "any"):
            return self._readable(syntax, node)
        hint = None
        if isinstance(node, Artifacts):
            hint = Text(f"write complete({node.kind.id})", f"请写 complete({node.kind.id})")
        elif isinstance(node, Place):
            hint = Text(f"write has({node.field.id}), or compare it", f"请写 has({node.field.id})，或作比较")
        kind = kinds(node.type)
        return self.problem(
            syntax,
            "guard-type",
            f"a condition is wanted here, this is {kind.en}",
            f"此处应为条件，而这是{kind.zh}",
            hint,
        )

    def value(self, syntax: Syntax) -> Node:
        """A part that gives any single value."""
        node = self.node(syntax)
        if node.type in ("list", "artifact", "file"):
            kind = kinds(node.type)
            return self.problem(
                syntax, "guard-type", f"a value is wanted here, this is {kind.en}", f"此处应为单个值，而这是{kind.zh}",
                Text("count(...), sum(...) or has(...) make one of it", "可用 count(...)、sum(...) 或 has(...) 得到值"),
            )  # fmt: skip
        return self._readable(syntax, node)

    def _readable(self, syntax: Syntax, node: Node) -> Node:
        place = node.place if isinstance(node, Confirmed) else node
        if isinstance(place, Place) and place.field.personal:
            return self.problem(
                syntax, "guard-personal",
                f"{place.field.id} is personal: an expression may only ask has({place.field.id})",
                f"{place.field.id} 为个人信息：表达式只能用 has({place.field.id})",
                Text(f"write has({place.field.id})", f"请写 has({place.field.id})"),
            )  # fmt: skip
        return node

    # -- the parts

    def node(self, syntax: Syntax) -> Node:  # noqa: PLR0911 - one per kind of node
        """Check any part."""
        match syntax.kind:
            case "number":
                return Constant("number", syntax.value)
            case "text":
                return Constant("text", syntax.value)
            case "name":
                return self.name(syntax)
            case "attribute":
                return self._attribute(syntax)
            case "call":
                return self._call(syntax)
            case "and":
                return And("boolean", tuple([self.condition(part) for part in syntax.parts]))
            case "or":
                return Or("boolean", tuple([self.condition(part) for part in syntax.parts]))
            case "not":
                return Not("boolean", self.condition(syntax.parts[0]))
            case "compare":
                return self._compare(syntax)
            case "arithmetic":
                return self._arithmetic(syntax)
            case "negative":
                return self._negative(syntax)
            case _:
                return self.problem(syntax, "guard-type", "a list stands only after in", "列表只能写在 in 之后")

    def name(self, syntax: Syntax) -> Node:
        """A bare name: the innermost list's entry first, then the process."""
        name = syntax.value
        if name in ("true", "false"):
            return Constant("boolean", name == "true")
        found = self._meanings(name)
        if len(found) == 1:
            node = found[0]
            if isinstance(node, Place) and node.where == "deal" and node.field.formula:
                return self._formula(syntax, node.field)
            return self.as_read(node)
        if found:
            return self.problem(
                syntax, "guard-ambiguous-name", f"{name} means {len(found)} things here: rename one of them",
                f"{name} 在此有 {len(found)} 种含义：请改名以区分",
            )  # fmt: skip
        return self._unknown(syntax)

    def _formula(self, syntax: Syntax, field: Field) -> Node:
        """What a computed field stands for; one whose formula is wrong is said to be so where it is used."""
        found = computed(field.id, self.scope, Checker)
        if found.tree is not None:
            return found.tree
        first = found.problems[0]
        return self.problem(
            syntax, first.code, f"the formula of {field.id}: {first.en}", f"{field.id} 的公式：{first.zh}", first.hint
        )

    def _meanings(self, name: str) -> list[Node]:
        """All that a bare name can mean, from the inside outwards, up to where a list hides what is behind it."""
        found: list[Node] = []
        for depth in range(len(self.entries) - 1, -1, -1):
            entry = self.entries[depth]
            for at, field in enumerate(entry.fields):
                if field.id == name:
                    found.append(Place(typed(field), field, at, "entry", depth))
            if found and (entry.hides or self.each):
                return found
        if name == "entry" and self.each:
            return [EntryId(_entry_type(self.entries[0].list), 0)]
        return found + self.scope.bound(name)

    def as_read(self, node: Node) -> Node:
        """A confirmation reads as true or false, anything else as it is."""
        if isinstance(node, Place) and node.field.type == "confirmation":
            return Confirmed("boolean", node)
        return node

    def _unknown(self, syntax: Syntax) -> Node:
        name = syntax.value
        hint: Text | None
        if name in ("True", "False"):
            hint = Text(f"write {name.lower()}", f"请写 {name.lower()}")
        elif name in ("None", "null"):
            hint = Text("has(...) asks whether something is there", "用 has(...) 判断是否已填写")
        elif name in self.scope.function_names():
            hint = Text(f"{name} is a function: write {name}(...)", f"{name} 是函数：请写 {name}(...)")
        elif name == "entry":
            hint = Text("entry stands in a criterion with for_each", "entry 只用于带 for_each 的条件")
        elif name in self.scope.layout.events:
            hint = Text(f"write event({name})", f"请写 event({name})")
        else:
            known = chain(self.scope.names(), (f.id for entry in self.entries for f in entry.fields))
            hint = self.scope.suggest(name, known)
            hint = hint or Text(f'a text is written in quotes: "{name}"', f'文本请加引号："{name}"')
        return self.problem(syntax, "guard-unknown-name", f"unknown name {name}", f"未知名称 {name}", hint)

    def _attribute(self, syntax: Syntax) -> Node:  # noqa: PLR0911 - one per kind of base
        base, wanted = syntax.parts[0], syntax.value
        if base.kind == "call" and base.value == "event":
            found = CALLS["event"](self, base)
            kind = getattr(found, "kind", None)
            if kind is None:
                return BROKEN
            return self._subfield(syntax, wanted, kind.fields, "event", -1, kind)
        if base.kind != "name":
            return self.problem(
                syntax, "guard-syntax", f"nothing can follow as .{wanted[:40]}", f"此处不能写 .{wanted[:40]}"
            )
        if self.each and base.value == "entry":
            return self._of_entry(syntax, wanted)
        if any(f.id == base.value for entry in self.entries for f in entry.fields):
            return self._no_subfields(syntax, base.value)
        found_all = self.scope.bound(base.value)
        if not found_all:
            known = [*self.scope.layout.artifact_at, *self.scope.layout.records]
            return self.problem(
                base, "undeclared-artifact", f"no artifact {base.value} is declared",
                f"未声明阶段资料 {base.value}", self.scope.suggest(base.value, known),
            )  # fmt: skip
        if len(found_all) > 1:
            return self.name(base)
        record = self.scope.record(base.value)
        if record is not None:
            return self._subfield(syntax, wanted, record.fields, "record", -1, record)
        if isinstance(found_all[0], Artifacts):
            kind = found_all[0].kind
            return self._subfield(syntax, wanted, kind.fields, "artifact", found_all[0].slot, kind)
        return self._no_subfields(syntax, base.value, found_all[0].type == "list")

    def _no_subfields(self, syntax: Syntax, name: str, entries: bool = False) -> Node:
        hint = Text(f"count({name}, ...) looks into its entries", f"用 count({name}, ...) 查看其条目")
        return self.problem(
            syntax, "guard-type", f"{name} has no sub-fields", f"{name} 没有下级字段", hint if entries else None
        )

    def _of_entry(self, syntax: Syntax, name: str) -> Node:
        """`entry.FIELD`: of the entry that a criterion's `for_each` is at."""
        fields = self.entries[0].fields
        for at, field in enumerate(fields):
            if field.id == name:
                return self.as_read(Place(typed(field), field, at, "entry", 0))
        return self.problem(
            syntax, "undeclared-field", f"an entry has no field {name[:40]}", f"条目没有字段 {name[:40]}",
            self.scope.suggest(name, (field.id for field in fields)),
        )  # fmt: skip

    def _subfield(self, syntax: Syntax, name: str, fields: Any, where: Any, slot: int, holder: Any) -> Node:
        at = self.scope.place(fields, name)
        if at is not None:
            return self.as_read(Place(typed(fields[at]), fields[at], at, where, slot, holder))
        return self.problem(
            syntax, "undeclared-field", f"{holder.id} declares no field {name}", f"{holder.id} 未声明字段 {name}",
            self.scope.suggest(name, (field.id for field in fields)),
        )  # fmt: skip

    def _call(self, syntax: Syntax) -> Node:
        name = syntax.value
        built_in = CALLS.get(name)
        if built_in is not None:
            return built_in(self, syntax)
        function = self.scope.functions.get(name)
        if function is not None:
            return plugin_call(self, syntax, function)
        for part in syntax.parts:
            if part.kind not in ("name", "text"):
                self.node(part)
        return self.problem(
            syntax, "guard-unknown-name", f"unknown function {name[:40]}", f"未知函数 {name[:40]}",
            self.scope.suggest(name, self.scope.function_names()),
        )  # fmt: skip

    def _compare(self, syntax: Syntax) -> Node:
        links: list[Node] = []
        for at, operator in enumerate(syntax.value):
            left, right = syntax.parts[at], syntax.parts[at + 1]
            if operator in ("in", "not in"):
                node = among(self, left, right)
                links.append(Not("boolean", node) if operator == "not in" else node)
            else:
                links.append(comparison(self, syntax, operator, left, right))
        return links[0] if len(links) == 1 else And("boolean", tuple(links))

    def _negative(self, syntax: Syntax) -> Node:
        inner = self.value(syntax.parts[0])
        if isinstance(inner, Constant) and inner.type == "number":
            return Constant("number", -inner.value)
        if inner.type in ("number", "money", "any"):
            return Arithmetic(inner.type, "*", inner, Constant("number", -1))
        kind = kinds(inner.type)
        return self.problem(
            syntax, "guard-type", f"minus needs a number, not {kind.en}", f"负号后应为数字，而不是{kind.zh}"
        )

    def _arithmetic(self, syntax: Syntax) -> Node:
        left, right = (self.value(part) for part in syntax.parts)
        gives = _RESULTS.get((left.type, syntax.value, right.type))
        if gives is None and "any" in (left.type, right.type):
            gives = "any"
        if gives is None:
            a, b = kinds(left.type), kinds(right.type)
            return self.problem(
                syntax,
                "guard-type",
                f"{a.en} {syntax.value} {b.en} means nothing",
                f"{a.zh}与{b.zh}之间不能用 {syntax.value}",
            )
        return Arithmetic(gives, syntax.value, left, right)


def _entry_type(source: Node) -> str:
    """What the id of a list's entry compares with."""
    if isinstance(source, Stakeholders):
        return "stakeholder"
    return "record" if isinstance(source, Other) else "text"


_RESULTS = {
    **{("number", op, "number"): "number" for op in "+-*/"},
    ("money", "+", "money"): "money", ("money", "-", "money"): "money", ("money", "/", "money"): "number",
    ("money", "*", "number"): "money", ("number", "*", "money"): "money", ("money", "/", "number"): "money",
    ("money", "+", "number"): "money", ("money", "-", "number"): "money",
    ("number", "+", "money"): "money", ("number", "-", "money"): "money",
    ("date", "+", "number"): "date", ("date", "-", "number"): "date", ("date", "-", "date"): "number",
}  # fmt: skip
