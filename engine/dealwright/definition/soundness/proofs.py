"""What can be proved of a file's conditions, within a budget; where it is used up, that is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dealwright.definition.draft import Draft
from dealwright.definition.nodes import Node as FileNode
from dealwright.guards import tree as t
from dealwright.guards.bounds import contradiction, exhaustive, overlap
from dealwright.guards.checker import checked
from dealwright.guards.scope import Scope
from dealwright.model.layout import Layout

BUDGET = 60_000  # conditions looked at in one file; a thousand stages of twenty conditions stay below
_CONSTANT = ("true", "false")
_PLAIN = (t.Happened, t.Confirmed, t.Has, t.Standing, t.Place)

Trees = Mapping[str, t.Node | None]


class Proofs:
    """The conditions of one file by their source, and what is asked about them.

    `stopped` holds the places whose conditions had more combinations than are looked at.
    """

    def __init__(self, draft: Draft, trees: Trees) -> None:
        self.draft = draft
        self.scope = Scope(Layout(draft.process), draft.functions)
        self.trees = dict(trees)
        self.left = BUDGET
        self.stopped: dict[int, FileNode] = {}
        self.at: FileNode | None = None

    def tree(self, source: str) -> t.Node | None:
        """The checked tree of a condition (an overlay's too), or None where it is wrong."""
        if source not in self.trees:
            self.trees[source] = checked(source, self.scope, "condition")[0]
        return self.trees[source]

    def clash(self, conditions: Sequence[t.Node]) -> tuple[int, ...] | None:
        """The positions of conditions that cannot all hold, none dispensable; None where none is known.

        Those that have nothing in common with another are left out: alone they are looked at elsewhere.
        """
        kin = kindred(conditions)
        if not kin or not self._may(len(kin)):
            return None
        found = contradiction([conditions[at] for at in kin], self.scope, limited=self._limited)
        return None if found is None else tuple(kin[at] for at in found)

    def never(self, condition: t.Node) -> bool:
        """True for a condition that holds of no deal."""
        return not isinstance(condition, _PLAIN) and self._may(1) and self._alone(condition)

    def always(self, condition: t.Node) -> bool:
        """True for a condition that is never known to be false."""
        return not isinstance(condition, _PLAIN) and self._may(1) and self._alone(t.Not("boolean", condition))

    def both(self, conditions: Sequence[t.Node]) -> tuple[int, int, dict[str, Any]] | None:
        """Two conditions that can both hold, with an example; None where none is known."""
        return overlap(conditions, self.scope, limited=self._limited) if self._may(len(conditions)) else None

    def gap(self, conditions: Sequence[t.Node], given: Sequence[t.Node]) -> dict[str, Any] | None:
        """An example of `given` without any of `conditions`; None where none is known."""
        if not self._may(len(conditions) + len(given)):
            return None
        absent = [t.Not("boolean", one) for one in given]
        return exhaustive([*conditions, *absent], self.scope, limited=self._limited)

    def _alone(self, condition: t.Node) -> bool:
        return contradiction([condition], self.scope, limited=self._limited) is not None

    def _may(self, count: int) -> bool:
        self.left -= count
        if self.left < 0:
            self._limited()
        return self.left >= 0

    def _limited(self) -> None:
        if self.at is not None:
            self.stopped.setdefault(id(self.at), self.at)


def kindred(conditions: Sequence[t.Node]) -> list[int]:
    """The positions of conditions that speak of something that another one speaks of too."""
    subjects = [_subjects(condition) for condition in conditions]
    count = Counter(subject for each in subjects for subject in each)
    return [at for at, each in enumerate(subjects) if _CONSTANT in each or any(count[subject] > 1 for subject in each)]


def _subjects(condition: t.Node) -> set[Any]:
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
    return found
