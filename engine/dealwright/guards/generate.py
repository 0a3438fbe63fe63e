"""The fast path: a checked tree written out as one Python function, by tuple position.

The text is built here, from checked nodes alone: positions, literals escaped by `ascii`,
and names that this module binds. Nothing of an author's text reaches it. The function gives
the answer or raises Unsettled; a missing value must never pass a gate, and None is silent
in `==`, `!=`, `in` and `not`, so each of them asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from dealwright.guards import quantities, rows, standing
from dealwright.guards.evaluate import fitting
from dealwright.guards.moment import Unsettled, miss
from dealwright.guards.tree import (
    Among,
    And,
    Arithmetic,
    Artifacts,
    Call,
    Compare,
    Confirmed,
    Constant,
    Days,
    Each,
    EntryId,
    Formula,
    Happened,
    Has,
    LastTime,
    Node,
    Not,
    OpenEntries,
    Or,
    Other,
    Over,
    Own,
    Place,
    Stakeholders,
    Standing,
    Tasks,
    Today,
    subnodes,
)
from dealwright.model.layout import Layout
from dealwright.model.money import Money

_PARAMETERS = "d, v, fresh, m"


def _truth(answer: Any) -> bool:
    if answer is True or answer is False:
        return answer
    raise Unsettled


_BOUND: dict[str, Any] = {
    "__builtins__": {"len": len, "Exception": Exception}, "Unsettled": Unsettled, "miss": miss, "need": quantities.need,
    "truth": _truth, "compute": quantities.compute, "compare": quantities.compare, "total": quantities.total,
    "days": quantities.days, "held": standing.held, "there": standing.there, "ticked": standing.ticked,
    "approved": standing.approved, "happened": standing.happened, "last_time": standing.last_time,
    "last_fact": standing.last_fact, "latest": standing.latest_artifact, "of_role": standing.of_role,
    "open_entries": standing.open_entries, "fitting": fitting, "task_rows": rows.task_rows, "reading": rows.reading,
    "listing": rows.listing, "identity": rows.identity, "related_rows": rows.related_rows,
    "variant_of": rows.variant_of,
}  # fmt: skip


def generate(
    tree: Node, layout: Layout, approvals: Mapping[str, Sequence[standing.Asked]], condition: bool
) -> Callable[..., Any]:
    """The function `(deal, fresh, moment)` that answers as `tree` says, or raises Unsettled."""
    writer = _Writer(layout, approvals, isinstance(tree, Each) and _asks_for_entry(tree))
    answer = writer.truth(tree) if condition else f"need({writer.of(tree)})"
    source = "".join(writer.loops) + (
        "def guard(d, fresh, m):\n"
        " try:\n"
        f"{'  v = d.values' if writer.reads_values else '  v = ()'}\n"
        f"  return {answer}\n"
        " except Exception:\n"
        "  raise Unsettled from None\n"
    )
    exec(compile(source, "<guard>", "exec", dont_inherit=True), writer.bound)  # noqa: S102 - text of our own, see above
    function: Callable[..., Any] = writer.bound["guard"]
    return function


def _asks_for_entry(node: Node) -> bool:
    return isinstance(node, EntryId) or any(_asks_for_entry(part) for part in subnodes(node))


class _Writer:
    """Writes nodes as Python expressions; `loops` are the functions that run over lists.

    `keeps_entry` hands the entry of the outermost list, `x0`, to all that is inside.
    """

    def __init__(
        self, layout: Layout, approvals: Mapping[str, Sequence[standing.Asked]], keeps_entry: bool = False
    ) -> None:
        self.keeps_entry = keeps_entry
        self.layout = layout
        self.approvals = approvals
        self.bound: dict[str, Any] = dict(_BOUND)
        self.loops: list[str] = []
        self.formulas: dict[str, str] = {}
        self.reads_values = False
        self._names = 0

    def _fresh_name(self, prefix: str) -> str:
        self._names += 1
        return f"{prefix}{self._names}"

    def _bind(self, value: Any) -> str:
        name = self._fresh_name("k")
        self.bound[name] = value
        return name

    # -- conditions: Python expressions that give True or False, or raise

    def truth(self, node: Node) -> str:
        """A condition."""
        match node:
            case And(parts=parts):
                return f"({' and '.join([self.truth(part) for part in parts])})"
            case Or(parts=parts):
                return f"({' or '.join([self.truth(part) for part in parts])})"
            case Not(inner=inner):
                return f"(not {self.truth(inner)})"
            case Place():
                name = self._fresh_name("t")
                return f"({name} if ({name} := {self.of(node)}) is not None else miss())"
            case Formula():
                return self.formula(node)
            case Call():
                return f"truth({self.of(node)})"
            case _:
                return self.of(node)

    # -- any node

    def of(self, node: Node) -> str:
        """A Python expression for the node's value; a Place, an Own may give None there."""
        return str(_RULES[type(node)](self, node))

    def constant(self, node: Constant) -> str:
        value = node.value
        if isinstance(value, str):
            return ascii(value)
        if isinstance(value, date | Money):  # instants too
            return self._bind(value)
        return f"({value!r})" if node.type == "number" and value < 0 else repr(value)

    def holder(self, node: Place) -> str:
        """What holds the values of a place; not for one of a record, which `place` reads."""
        if node.where == "deal":
            self.reads_values = True
            return "v"
        if node.where == "entry":
            return f"w{node.slot}"
        if node.where == "artifact":
            return f"latest(d, {node.slot}).values"
        return f"last_fact(d, {node.holder.id if node.holder else ''!a}, fresh).values"

    def place(self, node: Place) -> str:
        if node.where == "record":
            return self._reading(node, "listing" if node.type == "list" else "reading")
        read = f"{self.holder(node)}[{node.at}]"
        return f"({read} or ())" if node.type == "list" else read

    def _reading(self, node: Place, how: str = "reading") -> str:
        return f"{how}(m, {node.holder.id if node.holder else ''!a}, {self._bind(node.field)})"

    def formula(self, node: Formula) -> str:
        """A function of its own, however often and deep it is used: what is nested too deep does not compile."""
        name = self.formulas.get(node.field.id)
        if name is None:
            name = self.formulas[node.field.id] = self._fresh_name("formula")
            body = self.truth(node.inner) if node.type == "boolean" else self.of(node.inner)
            self.loops.append(f"def {name}({_PARAMETERS}):\n return {body}\n")
        return f"{name}({_PARAMETERS})"

    def confirmed(self, node: Confirmed) -> str:
        name = self._fresh_name("t")
        place = node.place
        if place.where in ("deal", "entry", "record"):
            return f"(({name} := {self.place(place)}) is not None and {name}.seq > fresh)"
        holder = self._fresh_name("t")
        source = self.holder(place).removesuffix(".values")
        return (
            f"(({holder} := {source}) is not None and ({name} := {holder}.values[{place.at}]) is not None"
            f" and {name}.seq > fresh)"
        )

    def own(self, node: Own) -> str:
        if node.name == "phase":
            phases = {stage.id: stage.phase for stage in self.layout.stages}
            return f"{self._bind(phases)}[d.stage]"
        if node.name == "opened_on":
            return "m.day_of(need(d.opened_at))"
        if node.name == "variant":
            return "variant_of(d)"
        return f"(d.{node.name} or None)"

    def has(self, node: Has) -> str:
        match node.of:
            case Place(where="artifact" | "event") as place:
                field, holder = self._bind(place.field), self._fresh_name("t")
                source = self.holder(place).removesuffix(".values")
                return f"(({holder} := {source}) is not None and held({field}, {holder}.values[{place.at}], fresh))"
            case Place(where="record") as place:
                return f"held({self._bind(place.field)}, {self._reading(place)}, fresh)"
            case Place(type="text" | "list" | "choice" | "month" | "person" | "stakeholder" | "record") as place:
                return f"held({self._bind(place.field)}, {self.holder(place)}[{place.at}])"
            case Place() as place:
                return f"({self.holder(place)}[{place.at}] is not None)"
            case Own(name="opened_on"):
                return "(d.opened_at is not None)"
            case Own(name="phase" | "stage"):
                return "(d.stage != '')"
            case source:
                return f"(({self.of(source)}) not in (None, ()))"

    def standing(self, node: Standing) -> str:
        if node.what == "there":
            return f"there(d, {node.slot})"
        if node.what == "complete":
            return f"ticked(d, {node.slot}, {self._bind(standing.checklist(node.kind))}, fresh)"
        asked = self._bind(self.approvals.get(node.kind.id, ()))
        return f"approved(d, {node.slot}, {self._bind(node.kind)}, {asked}, fresh, m)"

    def artifacts(self, node: Artifacts) -> str:
        return f"d.artifacts[{node.slot}]"

    def stakeholders(self, node: Stakeholders) -> str:
        return f"of_role(d.stakeholders, {node.role!a})" if node.role else "d.stakeholders"

    def other(self, node: Other) -> str:
        if node.of.many:
            return f"related_rows(m, {self._bind(node.of)})"
        return f"identity(m, {node.of.id!a})"

    # -- lists

    def over(self, node: Over) -> str:
        entries = self.of(node.source)
        if node.inner is None:
            return f"len({entries})"
        depth = node.depth
        outer = "".join(f", w{at}" for at in range(depth))
        entry = "  x0 = e\n" if self.keeps_entry and not depth else ""
        if self.keeps_entry and depth:
            outer += ", x0"
        name = self._fresh_name("over")
        inner = self.of(node.inner) if node.how == "sum" else self.truth(node.inner)
        begin, each, end = self._loop(node, inner)
        head = f"def {name}(rows, {_PARAMETERS}{outer}):\n{begin} for e in rows:\n  w{depth} = e.values\n"
        self.loops.append(f"{head}{entry}{each}{end}")
        return f"{name}({entries}, {_PARAMETERS}{outer})"

    def _loop(self, node: Over, inner: str) -> tuple[str, str, str]:
        match node.how:
            case "count":
                return " n = 0\n", f"  if {inner}:\n   n += 1\n", " return n\n"
            case "any":
                return "", f"  if {inner}:\n   return True\n", " return False\n"
            case "all":
                return " if not rows:\n  miss()\n", f"  if not {inner}:\n   return False\n", " return True\n"
            case _:
                whole = f"total(r, {node.type!a}, {self.layout.currency!a})"
                return " r = []\n", f"  r.append({inner})\n", f" return {whole}\n"

    def open_entries(self, node: OpenEntries) -> str:
        return f"open_entries({self.of(node.source)})"

    # -- comparisons and sums

    def compare(self, node: Compare) -> str:
        left, right, sign = node.left, node.right, node.operator
        types = {left.type, right.type}
        if "money" in types:
            return self._compare_money(node)
        if "any" in types or ("datetime" in types and "date" in types):
            currency = ascii(self.layout.currency)
            return f"compare({sign!r}, {self.of(left)}, {self.of(right)}, {currency}, m)"
        if sign not in ("==", "!="):
            return f"({self.of(left)} {sign} {self.of(right)})"  # None has no order: it raises by itself
        a, b = self.of(left), self.of(right)
        if isinstance(left, Constant) or _given(left):
            left, right, a, b = right, left, b, a
        if _given(left):
            return f"({a} {sign} {b})"
        name = self._fresh_name("t")
        if not _given(right):
            other = self._fresh_name("t")
            return (
                f"(({name} {sign} {other}) if ({name} := {a}) is not None and ({other} := {b}) is not None else miss())"
            )
        if sign == "==":
            return f"(({name} := {a}) == {b} or {name} is None and miss())"
        return f"(({name} := {a}) != {b} and ({name} is not None or miss()))"

    def _compare_money(self, node: Compare) -> str:
        left, right, sign = node.left, node.right, node.operator
        mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
        if isinstance(left, Constant):
            left, right, sign = right, left, mirrored.get(sign, sign)
        currency = ascii(self.layout.currency)
        if isinstance(right, Constant) and left.type == "money":
            value = right.value
            limit = repr(value) if isinstance(value, int) else self._bind(quantities.exact(value))
            name = self._fresh_name("t")
            return f"({name}.amount {sign} {limit} if ({name} := {self.of(left)}).currency == {currency} else miss())"
        return f"compare({sign!r}, {self.of(left)}, {self.of(right)}, {currency}, m)"

    def among(self, node: Among) -> str:
        types = {node.left.type, *(option.type for option in node.options)}
        value = self.of(node.left)
        name = self._fresh_name("t")
        if "money" in types or "any" in types or {"date", "datetime"} <= types:
            currency = ascii(self.layout.currency)
            tests = [f"compare('==', {name}, {self.of(o)}, {currency}, m)" for o in node.options]
            return f"(({name} := need({value})) is not None and ({' or '.join(tests)}))"
        options = "".join(f"{self.of(option)}, " for option in node.options)
        if _given(node.left):
            return f"({value} in ({options}))"
        return f"(({name} := {value}) in ({options}) or {name} is None and miss())"

    def arithmetic(self, node: Arithmetic) -> str:
        if {node.left.type, node.right.type} != {"number"}:
            currency = ascii(self.layout.currency)
            return f"compute({node.operator!r}, {self.of(node.left)}, {self.of(node.right)}, {currency})"
        name = self._fresh_name("t")  # of an infinite number or NaN, itself minus itself is NaN
        return f"({name} if ({name} := {self._number(node)}) - {name} == 0 else miss())"

    def _number(self, node: Node) -> str:
        """Plain arithmetic; infinity reaches the whole by itself, except through a division by it."""
        if not isinstance(node, Arithmetic) or {node.left.type, node.right.type} != {"number"}:
            return self.of(node)
        right = self.of(node.right) if node.operator == "/" else self._number(node.right)
        return f"({self._number(node.left)} {node.operator} {right})"

    def days(self, node: Days) -> str:
        return f"days({node.how!r}, {self.of(node.of)}, m)"

    def call(self, node: Call) -> str:
        arguments = ", ".join([f"need({self.of(argument)})" for argument in node.arguments])
        return f"fitting({self._bind(node.function.call)}({arguments}), {node.type!a})"


def _given(node: Node) -> bool:
    """True where the Python expression of `node` raises rather than give None."""
    return not isinstance(node, Place | Own | LastTime | Other | Formula)


_RULES: dict[type, Callable[[_Writer, Any], str]] = {
    Constant: _Writer.constant,
    Place: _Writer.place,
    Confirmed: _Writer.confirmed,
    Formula: _Writer.formula,
    Own: _Writer.own,
    Artifacts: _Writer.artifacts,
    Stakeholders: _Writer.stakeholders,
    Tasks: lambda _, _node: "task_rows(d, m)",
    Other: _Writer.other,
    EntryId: lambda _, node: f"x{node.slot}.id",
    Each: lambda writer, node: writer.over(node.over),
    Has: _Writer.has,
    Standing: _Writer.standing,
    Happened: lambda _, node: f"happened(d.facts, {node.kind.id!a}, fresh)",
    LastTime: lambda _, node: f"last_time(d, {node.kind.id!a}, fresh)",
    Over: _Writer.over,
    OpenEntries: _Writer.open_entries,
    Today: lambda _, _node: "m.today",
    Days: _Writer.days,
    Call: _Writer.call,
    Arithmetic: _Writer.arithmetic,
    Compare: _Writer.compare,
    Among: _Writer.among,
    Not: _Writer.truth,
    And: _Writer.truth,
    Or: _Writer.truth,
}
