"""What can be proved of a file's conditions, within a budget; where it is used up, that is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dealwright.definition.draft import Draft
from dealwright.definition.nodes import Node as FileNode
from dealwright.guards import tree as t
from dealwright.guards.bounds import MAX_ALTERNATIVES, contradiction, exhaustive, overlap
from dealwright.guards.checker import checked
from dealwright.guards.scope import Scope
from dealwright.model.layout import Layout

BUDGET = 100_000  # combinations looked at in one file: half a second or so
_APART = 4  # to take a comparison apart costs as much as to look at so many combinations
_CONSTANT = ("true", "false")
_PLAIN = (t.Happened, t.Confirmed, t.Has, t.Standing, t.Place)

Trees = Mapping[str, t.Node | None]


class _Known(NamedTuple):
    """What is known of a condition; with the tree itself, so that its identity stays its own."""

    tree: t.Node
    subjects: frozenset[Any]
    alternatives: int
    parts: int


class Proofs:
    """The conditions of one file by their source, and what is asked about them.

    `stopped` holds the places whose conditions had more combinations than are looked at,
    `exhausted` the one from which on nothing was looked at any more.
    """

    def __init__(self, draft: Draft, trees: Trees) -> None:
        self.draft = draft
        self.scope = Scope(Layout(draft.process), draft.functions)
        self.trees = dict(trees)
        self.left = BUDGET
        self.stopped: dict[int, FileNode] = {}
        self.exhausted: FileNode | None = None
        self.at: FileNode | None = None
        self._known: dict[int, _Known] = {}

    def tree(self, source: str) -> t.Node | None:
        """The checked tree of a condition (an overlay's too), or None where it is wrong."""
        if source not in self.trees:
            self.trees[source] = checked(source, self.scope, "condition")[0]
        return self.trees[source]

    def clash(self, conditions: Sequence[t.Node]) -> tuple[int, ...] | None:
        """The positions of conditions that cannot all hold, none dispensable; None where none is known.

        Those that have nothing in common with another are left out: alone they are looked at elsewhere.
        """
        if not self._may(len(conditions)):
            return None
        kin = self._kindred(conditions)
        some = [conditions[at] for at in kin]
        if not kin or not self._may(self._effort(some)):
            return None
        found = contradiction(some, self.scope, limited=self._limited)
        if found is None:
            return None
        self.left -= len(kin) * self._effort(some)  # each was tried without, to see if it is needed
        return tuple(kin[at] for at in found)

    def near(self, conditions: Sequence[t.Node], others: Sequence[t.Node]) -> list[t.Node]:
        """Those of `others` that speak of something that one of `conditions` speaks of."""
        said = frozenset[Any]().union(*map(self._subjects, conditions))
        return [other for other in others if said & self._subjects(other)]

    def never(self, condition: t.Node) -> bool:
        """True for a condition that holds of no deal."""
        return not isinstance(condition, _PLAIN) and self._may(self._effort([condition])) and self._alone(condition)

    def always(self, condition: t.Node) -> bool:
        """True for a condition that is never known to be false."""
        return (
            not isinstance(condition, _PLAIN)
            and self._may(self._effort([condition]))
            and self._alone(t.Not("boolean", condition))
        )

    def both(self, conditions: Sequence[t.Node]) -> tuple[int, int, dict[str, Any]] | None:
        """Two conditions that can both hold, with an example; None where none is known."""
        return overlap(conditions, self.scope, limited=self._limited) if self._may(4 * len(conditions) ** 2) else None

    def gap(self, conditions: Sequence[t.Node], given: Sequence[t.Node]) -> dict[str, Any] | None:
        """An example of `given` without any of `conditions`; None where none is known."""
        if not self._may(self._effort([*conditions, *given])):
            return None
        absent = [t.Not("boolean", one) for one in given]
        return exhaustive([*conditions, *absent], self.scope, limited=self._limited)

    def _kindred(self, conditions: Sequence[t.Node]) -> list[int]:
        """The positions of conditions that speak of something that another one speaks of too."""
        subjects = [self._subjects(condition) for condition in conditions]
        count = Counter(subject for each in subjects for subject in each)
        return [at for at, each in enumerate(subjects) if _CONSTANT in each or any(count[one] > 1 for one in each)]

    def _subjects(self, condition: t.Node) -> frozenset[Any]:
        return self._look(condition).subjects

    def _look(self, condition: t.Node) -> _Known:
        known = self._known.get(id(condition))
        if known is None:
            known = self._known[id(condition)] = _Known(condition, _subjects(condition), *_size(condition))
        return known

    def _alone(self, condition: t.Node) -> bool:
        return contradiction([condition], self.scope, limited=self._limited) is not None

    def _effort(self, conditions: Sequence[t.Node]) -> int:
        """About how much there is to do: comparisons taken apart, and combinations of alternatives looked at."""
        product, parts = 1, 0
        if self.left < 0:
            return 0
        for condition in conditions:
            known = self._look(condition)
            product = min(MAX_ALTERNATIVES, product * known.alternatives)
            parts += known.parts
        return _APART * parts + len(conditions) * product

    def _may(self, effort: int) -> bool:
        self.left -= effort
        if self.left < 0 and self.exhausted is None:
            self.exhausted = self.at
        return self.left >= 0

    def _limited(self) -> None:
        if self.at is not None:
            self.stopped.setdefault(id(self.at), self.at)


def _size(condition: t.Node) -> tuple[int, int]:
    """About how many ways there are for a condition to hold or not to, and of how many parts it is made."""
    waiting, ways, parts = [condition], 1, 1
    while waiting:
        node = waiting.pop()
        if isinstance(node, t.And | t.Or | t.Not):
            waiting.extend(t.subnodes(node))
        if isinstance(node, t.And | t.Or):
            ways *= len(node.parts)
            parts += len(node.parts)
        elif isinstance(node, t.Among):
            ways *= len(node.options)
            parts += len(node.options)
    return min(ways, MAX_ALTERNATIVES), parts


def _subjects(condition: t.Node) -> frozenset[Any]:
    """The fields, acts, documents and so on that a condition speaks of."""
    found: set[Any] = set()
    waiting = [condition]
    while waiting:
        node = waiting.pop()
        waiting.extend(t.subnodes(node))
        match node:
            case t.Place(field=field, where=where, holder=holder):
                found.add((where, holder.id if holder is not None else "", field.id))
                if holder is not None:
                    found.add(holder.id)
            case t.Happened(kind=kind) | t.LastTime(kind=kind) | t.Standing(kind=kind) | t.Artifacts(kind=kind):
                found.add(kind.id)
            case t.Own(name=name):
                found.add(("own", name))
            case t.Stakeholders() | t.Call():
                found.add(type(node).__name__)
            case t.Constant(type="boolean"):
                found.add(_CONSTANT)
            case _:
                pass
    return frozenset(found)
