"""What a condition rests on, derived: whose word it is, and which names it uses."""

from __future__ import annotations

from typing import NamedTuple

from dealwright.guards.tree import (
    Among,
    And,
    Artifacts,
    Call,
    Compare,
    Confirmed,
    Constant,
    Each,
    Formula,
    Happened,
    Has,
    LastTime,
    Node,
    Not,
    Or,
    Other,
    Over,
    Place,
    Standing,
    subnodes,
)
from dealwright.model.layout import Readable
from dealwright.model.process import BUYER, ArtifactKind, EventKind
from dealwright.model.verdict import Evidence

_STRONGEST: tuple[Evidence, ...] = ("buyer", "approval", "document")


class Names(NamedTuple):
    """The ids that an expression uses; `records` are the names of other deals and records."""

    fields: frozenset[str]
    artifacts: frozenset[str]
    events: frozenset[str]
    functions: frozenset[str]
    records: frozenset[str] = frozenset()


def evidence(tree: Node) -> Evidence:
    """The strongest evidence that a condition cannot hold without; `seller` where there is none."""
    rests = _rests_on(tree)
    return next((kind for kind in _STRONGEST if kind in rests), "seller")


def _rests_on(node: Node, holds: bool = True) -> frozenset[str]:  # noqa: PLR0911 - one per kind of node
    """What must be there for `node` to hold (or, with `holds` false, for it to be known not to hold)."""
    match node:
        case And(parts=parts) | Or(parts=parts):
            each = [_rests_on(part, holds) for part in parts]
            return frozenset().union(*each) if isinstance(node, And) is holds else frozenset.intersection(*each)
        case Not(inner=inner):
            return _rests_on(inner, not holds)
        case Formula(inner=inner):
            return _rests_on(inner, holds)
        case Compare():
            return _of_comparison(node, holds)
        case Each(over=over, condition=condition):  # as with any `if`, what is asked counts, not whom it spares
            return _rests_on(condition) | _rests_on(over.source) | _entries(over.source) if holds else frozenset()
        case Place(holder=ArtifactKind()):
            return frozenset(["document"])
        case Place(holder=EventKind() as kind):
            return _of_event(kind)
        case LastTime(kind=kind):
            return _of_event(kind)
        case Confirmed() | Happened() | Has() | Standing() | Over(how="any" | "all"):
            return _of_presence(node) if holds else frozenset()  # what is absent rests on nothing
        case Among(left=Over()) | Over() | Artifacts():
            return frozenset()  # a count or a sum may be 0: the comparison decides what it rests on
        case _:
            return frozenset().union(*map(_rests_on, subnodes(node)))


def _of_presence(node: Node) -> frozenset[str]:
    match node:
        case Confirmed(place=place):
            return _rests_on(place) | (_BUYER if place.field.by == (BUYER,) else frozenset())
        case Happened(kind=kind):
            return _of_event(kind)
        case Standing(kind=kind, what=what):
            approval = what == "approved" and kind.approvals
            return frozenset(["document", "approval"] if approval else ["document"])
        case Over(inner=Node() as inner, source=source):
            return _rests_on(inner) | _rests_on(source) | _entries(source)
        case _:
            return frozenset().union(*map(_rests_on, subnodes(node)))


_BUYER = frozenset(["buyer"])


def _of_event(kind: EventKind) -> frozenset[str]:
    return _BUYER if kind.by == (BUYER,) else frozenset()


def _entries(source: Node) -> frozenset[str]:
    return frozenset(["document"]) if isinstance(source, Artifacts) else frozenset()


def _of_comparison(node: Compare, holds: bool) -> frozenset[str]:
    """A count rests on its entries only where the comparison needs at least one of them."""
    left, right, sign = node.left, node.right, node.operator
    if not holds:
        sign = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}[sign]
    if isinstance(left, Constant):
        left, right = right, left
        sign = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(sign, sign)
    if isinstance(left, Over) and left.how == "count" and isinstance(right, Constant):
        least = right.value
        needs_one = (
            (sign in (">=", "==") and least > 0) or (sign == ">" and least >= 0) or (sign == "!=" and least == 0)
        )
        if not needs_one:
            return frozenset()
        inner = _rests_on(left.inner) if left.inner is not None else frozenset[str]()
        return inner | _rests_on(left.source) | _entries(left.source)
    return _rests_on(left) | _rests_on(right)


def names(tree: Node) -> Names:
    """Every field (`fit`, `quotation.price`), artifact, event and plugin function used."""
    fields: set[str] = set()
    artifacts: set[str] = set()
    events: set[str] = set()
    functions: set[str] = set()
    records: set[str] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        waiting.extend(subnodes(node))
        match node:
            case Place(field=field, where="deal") | Formula(field=field):
                fields.add(field.id)
            case Place(field=field, holder=ArtifactKind() as artifact):
                artifacts.add(artifact.id)
                fields.add(f"{artifact.id}.{field.id}")
            case Place(field=field, holder=EventKind() as event):
                events.add(event.id)
                fields.add(f"{event.id}.{field.id}")
            case Place(field=field, holder=Readable() as other):
                records.add(other.id)
                fields.add(f"{other.id}.{field.id}")
            case Other(of=other):
                records.add(other.id)
            case Standing(kind=kind) | Artifacts(kind=kind):
                artifacts.add(kind.id)
            case Happened(kind=act) | LastTime(kind=act):
                events.add(act.id)
            case Call(function=function):
                functions.add(function.name)
            case _:
                pass
    kinds = (fields, artifacts, events, functions, records)
    return Names(*map(frozenset, kinds))
