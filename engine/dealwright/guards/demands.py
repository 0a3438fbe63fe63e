"""Conditions taken apart: alternatives, each a list of demands on single values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from msgspec import Struct

from dealwright.guards.domains import NO, TRUTH, YES, Domain, Options, Span, span
from dealwright.guards.quantities import exact
from dealwright.guards.scope import Scope
from dealwright.guards.tree import (
    Among,
    And,
    Compare,
    Confirmed,
    Constant,
    Days,
    Formula,
    Happened,
    Has,
    LastTime,
    Node,
    Not,
    OpenEntries,
    Or,
    Over,
    Own,
    Place,
    Standing,
)
from dealwright.model.process import ArtifactKind, EventKind

Demand = tuple[int, Domain]
Way = tuple[Demand, ...]

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_RELATIONS = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LINES = ("number", "money", "date", "datetime", "month")
_NAMED = ("choice", "text", "person", "stakeholder", "record")


class Unknowable(Exception):  # noqa: N818 - no error: the condition is only too large to be taken apart
    """There are more alternatives than are looked at."""


class _Variable(Struct, frozen=True):
    node: Node
    whole: Domain
    kind: str


class Variables:
    """The values that demands are made of, each known by how it is written."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.asked: set[int] = set()  # those that a condition names; the others only follow
        self._at: dict[Any, int] = {}
        self._all: list[_Variable] = []

    def of(self, node: Node, kind: str, *, about: tuple[Node, ...] = ()) -> int:
        """The variable of a node; `kind` is how it is looked at: truth, line, day, name or pair."""
        key = (kind, *map(_key, (node, *about)))
        at = self._at.get(key)
        if at is None:
            at = self._at[key] = len(self._all)
            self._all.append(_Variable(node, _whole(node, kind), kind))
        return at

    def whole(self, variable: int) -> Domain:
        """All that a variable can be by its declaration."""
        return self._all[variable].whole

    def independent(self, variable: int) -> bool:
        """True where any value goes with any values of the others."""
        node, kind = self._all[variable].node, self._all[variable].kind
        if kind == "pair":
            return False
        if isinstance(node, Place):
            return node.where != "entry" and not node.field.formula
        if isinstance(node, Has):
            return isinstance(node.of, Place)
        return isinstance(node, Happened | Confirmed) or (isinstance(node, Standing) and node.what == "there")

    def label(self, variable: int) -> str:
        """How its value is written in an expression."""
        return _written(self._all[variable].node)

    def example(self, variable: int, domain: Domain) -> Any:
        """One value of what is left, as JSON: dates and months in ISO form. None where none was found."""
        held = self._all[variable]
        if isinstance(domain, Options):
            order = tuple(held.node.field.values) if isinstance(held.node, Place) else ()
            return domain.example((True, False) if held.kind == "truth" else order)
        value = domain.example()
        return None if value is None else _shown(held, value)


def demands(tree: Node, holds: bool, variables: Variables, most: int) -> list[Way]:
    """The ways in which `tree` holds, or is known not to. Raises Unknowable beyond `most`."""
    return _Taken(variables, most).ways(tree, holds)


class _Taken:
    def __init__(self, variables: Variables, most: int) -> None:
        self.variables = variables
        self.most = most

    def ways(self, node: Node, holds: bool) -> list[Way]:
        match node:
            case And(parts=parts) | Or(parts=parts):
                each = [self.ways(part, holds) for part in parts]
                if isinstance(node, And) is holds:
                    return self._all_of(each)
                return self._bounded([way for ways in each for way in ways])
            case Not(inner=inner):
                return self.ways(inner, not holds)
            case Formula(inner=inner):
                return self.ways(inner, holds)
            case Constant(value=value):
                return [()] if value is holds else []
            case Compare():
                return [tuple(self._compared(node, holds))]
            case Among():
                return self._bounded(self._among(node, holds))
            case _:
                variable = self._asked(node, "truth")
                return [((variable, YES if holds else NO), *self._implied(node, holds))]

    def _asked(self, node: Node, kind: str) -> int:
        variable = self.variables.of(node, kind)
        self.variables.asked.add(variable)
        return variable

    def _bounded(self, ways: list[Way]) -> list[Way]:
        if len(ways) > self.most:
            raise Unknowable
        return ways

    def _all_of(self, each: list[list[Way]]) -> list[Way]:
        whole: list[Way] = [()]
        for ways in each:
            if len(whole) * len(ways) > self.most:
                raise Unknowable
            whole = [one + other for one in whole for other in ways]
        return whole

    # -- comparisons

    def _compared(self, node: Compare, holds: bool) -> Iterator[Demand]:
        left, right = _written_out(node.left), _written_out(node.right)
        sign = node.operator if holds else _OPPOSITE[node.operator]
        if isinstance(left, Constant):
            left, right, sign = right, left, _MIRRORED.get(sign, sign)
        if isinstance(left, Constant) or "any" in (left.type, right.type):
            if not isinstance(left, Constant):
                yield self._asked(node, "truth"), YES if holds else NO
            return
        if isinstance(right, Constant):
            yield from self._with_constant(left, sign, right)
            return
        yield from self._pair(left, sign, right)
        yield from self._known(left)
        yield from self._known(right)

    def _pair(self, left: Node, sign: str, right: Node) -> Iterator[Demand]:
        if repr(_key(left)) > repr(_key(right)):
            left, right, sign = right, left, _MIRRORED.get(sign, sign)
        variable = self._asked(Compare("boolean", "==", left, right), "pair")
        yield variable, Options(frozenset(_RELATIONS[sign]))

    def _with_constant(self, node: Node, sign: str, constant: Constant) -> Iterator[Demand]:
        if node.type in _NAMED:
            named = frozenset({constant.value})
            yield self._asked(node, "name"), Options(named) if sign == "==" else Options(None, named)
            if node.type != "text" or (sign == "==" and constant.value):
                yield from self._known(node)
            return
        if node.type not in _LINES:
            yield self._asked(Compare("boolean", "==", node, constant), "truth"), TRUTH
            return
        point = exact(constant.value) if node.type == "money" else _point(constant.value)
        kind = "day" if node.type == "datetime" and constant.type == "date" else "line"
        yield self._asked(node, kind), span(sign, point)
        yield from self._known(node)

    def _among(self, asked: Among, holds: bool) -> list[Way]:
        node = Among("boolean", _written_out(asked.left), asked.options)
        signs = [Compare("boolean", "==", node.left, option) for option in node.options]
        if holds and node.left.type in _NAMED and all(option.type != "any" for option in node.options):
            variable = self._asked(node.left, "name")
            known = self._known(node.left) if node.left.type != "text" else ()
            return [((variable, Options(frozenset(option.value for option in node.options))), *known)]
        if holds:
            return [tuple(self._compared(sign, True)) for sign in signs]
        return [tuple(demand for sign in signs for demand in self._compared(sign, False))]

    # -- what else follows

    def _known(self, node: Node) -> Iterator[Demand]:
        """A value that is compared is there, and so is what holds it."""
        if isinstance(node, Place) and node.type != "list":
            yield self.variables.of(Has("boolean", node), "truth"), YES
            yield from self._held(node)
        elif isinstance(node, Days) and isinstance(node.of, LastTime):
            yield self.variables.of(Happened("boolean", node.of.kind), "truth"), YES
        elif isinstance(node, Days):
            yield from self._known(node.of)

    def _held(self, place: Place) -> Iterator[Demand]:
        if isinstance(place.holder, ArtifactKind):
            there = Standing("boolean", place.slot, place.holder, "there")
            yield self.variables.of(there, "truth"), YES
        elif isinstance(place.holder, EventKind):
            yield self.variables.of(Happened("boolean", place.holder), "truth"), YES

    def _implied(self, node: Node, holds: bool) -> Iterator[Demand]:
        match node:
            case Has(of=Node(type="list") as source):
                least = max(1, source.field.at_least if isinstance(source, Place) else 1)
                many = Over("number", "count", source, None, 0)
                yield self.variables.of(many, "line"), span(">=" if holds else "<", Decimal(least), whole=True)
            case Place():
                yield from self._known(node)
            case Has(of=Place() as place) | Confirmed(place=place) if holds:
                yield from self._held(place)
            case Standing(what="complete" | "approved", slot=slot, kind=kind) if holds:
                yield self.variables.of(Standing("boolean", slot, kind, "there"), "truth"), YES
                yield self.variables.of(Standing("boolean", slot, kind, "complete"), "truth"), YES
            case _:
                return


def _written_out(node: Node) -> Node:
    while isinstance(node, Formula):
        node = node.inner
    return node


def _key(node: Node) -> Any:
    """What tells a node from others of its expression's process, hashable."""
    if isinstance(node, Place):
        holder = node.holder.id if node.holder is not None else ""
        return ("Place", node.where, node.slot, holder, node.field.id)
    return (type(node).__name__, *(_part(getattr(node, name)) for name in node.__struct_fields__))


def _part(value: Any) -> Any:
    if isinstance(value, Node):
        return _key(value)
    if isinstance(value, tuple):
        return tuple([_part(each) for each in value])
    return getattr(value, "id", None) or getattr(value, "name", None) or value


def _point(value: Any) -> Decimal:
    """Where a constant lies on the line of its type; a number exactly where Python has it."""
    if isinstance(value, datetime):
        return Decimal((value - _EPOCH) // timedelta(microseconds=1))
    if isinstance(value, date):
        return Decimal(value.toordinal())
    if isinstance(value, str):
        year, _, month = value.partition("-")
        return Decimal(int(year) * 12 + int(month) - 1)
    return Decimal(value)


def _shown(held: _Variable, value: Decimal) -> Any:
    """The JSON of a point on the line; None where it is beyond what its type holds."""
    kind = held.node.type
    try:
        if kind == "date" or held.kind == "day":
            return date.fromordinal(int(value)).isoformat()
        if kind == "datetime":
            return (_EPOCH + timedelta(microseconds=int(value))).isoformat().replace("+00:00", "Z")
        if kind == "month":
            return f"{value // 12:04}-{value % 12 + 1:02}"
    except (ValueError, OverflowError):
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _written(node: Node) -> str:
    match node:
        case Place(field=field, holder=EventKind() as act):
            return f"event({act.id}).{field.id}"
        case Place(field=field, holder=holder):
            return field.id if holder is None else f"{holder.id}.{field.id}"
        case Confirmed(place=place):
            return _written(place)
        case Has(of=of):
            return f"has({_written(of)})"
        case Happened(kind=act):
            return f"event({act.id})"
        case Standing(kind=kind):
            return f"has({kind.id})"
        case _:
            return ""


def _whole(node: Node, kind: str) -> Domain:
    if kind == "truth":
        return TRUTH
    if kind == "pair":
        return Options(frozenset("<=>"))
    if kind == "name":
        return _names(node)
    if isinstance(node, Over | OpenEntries) and (isinstance(node, OpenEntries) or node.how == "count"):
        return Span(Decimal(0), whole=True)
    whole = isinstance(node, Days) or node.type in ("date", "month")
    if isinstance(node, Place) and node.type in ("number", "money", "date", "month"):
        return Span(_end(node, node.field.min), _end(node, node.field.max), whole=whole)
    return Span(whole=whole)


def _end(node: Node, value: Any) -> Decimal | None:
    """An end of a declared range; None where there is none, or none that can be read."""
    if value is None:
        return None
    try:
        return _point(date.fromisoformat(value) if node.type == "date" else value)
    except (ValueError, TypeError, ArithmeticError):
        return None


def _names(node: Node) -> Options:
    if isinstance(node, Place) and node.field.type == "choice":
        return Options(frozenset(node.field.values))
    return Options(frozenset(node.options)) if isinstance(node, Own) and node.options else Options()
