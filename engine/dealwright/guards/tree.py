"""The checked tree: every name bound to its place, every type known. Only these nodes are ever run.

`type` names what a node gives: number text boolean date month datetime money choice list
file person stakeholder record any.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from dealwright.hookspecs import Function
from dealwright.model.layout import Readable
from dealwright.model.process import ArtifactKind, EventKind, Field

Where = Literal["deal", "artifact", "event", "entry", "record"]


class Node(Struct, frozen=True):
    """A part of an expression that names, kinds and bounds were checked for."""

    type: str


class Constant(Node, frozen=True):
    """A literal, already in the type it is compared with (a date, not its text)."""

    value: Any


class Place(Node, frozen=True):
    """The value of a declared field: `where` it is held, by `holder` (artifact or event kind, record), at `at`.

    For an artifact `slot` is the kind's position, for an entry the depth of its list, from 0.
    """

    field: Field
    at: int
    where: Where = "deal"
    slot: int = -1
    holder: ArtifactKind | EventKind | Readable | None = None


class Formula(Node, frozen=True):
    """A field that is computed: what `inner` gives, already of the field's type. `size` counts all nodes below, too."""

    field: Field
    inner: Node
    size: int


class Confirmed(Node, frozen=True):
    """A confirmation that is there and fresh; never unknown."""

    place: Place


class Own(Node, frozen=True):
    """What the deal itself knows: stage phase status owner opened_on variant."""

    name: str
    options: tuple[str, ...] = ()


class Artifacts(Node, frozen=True):
    """All artifacts of a kind with `many: true`, as a list."""

    slot: int
    kind: ArtifactKind


class Stakeholders(Node, frozen=True):
    """The deal's stakeholders, all or those of one role, as a list."""

    role: str = ""


class Tasks(Node, frozen=True):
    """The deal's tasks, as a list; `fields` are those of an entry."""

    fields: tuple[Field, ...]


class Other(Node, frozen=True):
    """Another deal or record, read as its id; or with `many` a list of them."""

    of: Readable


class EntryId(Node, frozen=True):
    """The entry of a criterion's `for_each`, read as its id; `slot` is the depth of its list."""

    slot: int


class Has(Node, frozen=True):
    """Something is there; never unknown."""

    of: Node


class Standing(Node, frozen=True):
    """An artifact's latest version is there, complete, or approved; never unknown."""

    slot: int
    kind: ArtifactKind
    what: Literal["there", "complete", "approved"]


class Happened(Node, frozen=True):
    """A fresh act of this kind is on record; never unknown."""

    kind: EventKind


class LastTime(Node, frozen=True):
    """When the latest fresh act of this kind happened."""

    kind: EventKind


class Over(Node, frozen=True):
    """count, any, all or sum over a list; `inner` runs for each entry, whose depth is `depth`."""

    how: Literal["count", "any", "all", "sum"]
    source: Node
    inner: Node | None
    depth: int


class Each(Node, frozen=True):
    """A criterion's `for_each`: of every entry that `applies` holds for, the `condition` does.

    `over` says the same as one question, which is what is run.
    """

    over: Over
    applies: Node | None
    condition: Node


class OpenEntries(Node, frozen=True):
    """How many entries of a list are not closed."""

    source: Node


class Today(Node, frozen=True):
    """The local date."""


class Days(Node, frozen=True):
    """Whole local days since, or until, a date or instant."""

    how: Literal["since", "until"]
    of: Node


class Call(Node, frozen=True):
    """A plugin's function."""

    function: Function
    arguments: tuple[Node, ...]


class Arithmetic(Node, frozen=True):
    """`+ - * /`; a missing or foreign part makes it unknown."""

    operator: str
    left: Node
    right: Node


class Compare(Node, frozen=True):
    """One comparison of two values of kindred types."""

    operator: str
    left: Node
    right: Node


class Among(Node, frozen=True):
    """The value is one of some constants."""

    left: Node
    options: tuple[Constant, ...]


class Not(Node, frozen=True):
    """The negation; of unknown, unknown."""

    inner: Node


class And(Node, frozen=True):
    """All parts, in Kleene's sense."""

    parts: tuple[Node, ...]


class Or(Node, frozen=True):
    """Any part, in Kleene's sense."""

    parts: tuple[Node, ...]


def subnodes(node: Node) -> tuple[Node, ...]:  # noqa: PLR0911 - one per kind of node
    """The nodes right below `node`, in reading order."""
    match node:
        case And(parts=parts) | Or(parts=parts):
            return parts
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case Among(left=left):
            return (left,)
        case Not(inner=inner) | Formula(inner=inner):
            return (inner,)
        case Has(of=of) | Days(of=of):
            return (of,)
        case OpenEntries(source=source):
            return (source,)
        case Over(source=source, inner=each):
            return (source,) if each is None else (source, each)
        case Confirmed(place=place):
            return (place,)
        case Each(over=over):
            return (over,)
        case Call(arguments=arguments):
            return arguments
        case _:
            return ()


def size(tree: Node) -> int:
    """How many nodes a tree has, formulas written out."""
    whole = 0
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Formula):
            whole += node.size
        else:
            whole += 1
            waiting.extend(subnodes(node))
    return whole
