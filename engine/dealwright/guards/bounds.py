"""What conditions say about each other over the declared types: they exclude each other, overlap, leave a gap.

A condition becomes alternatives, each a set of demands on single values. Whatever cannot be
taken apart is a value of its own, true or false, the same wherever it is written the same
way. So what is found to exclude each other does; what is not found may still. Where more
than `MAX_ALTERNATIVES` combinations would have to be looked at nothing is found, and
`limited` is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from dealwright.guards.checker import checked
from dealwright.guards.demands import Demand, Unknowable, Variables, demands
from dealwright.guards.scope import Scope
from dealwright.guards.tree import Node

MAX_ALTERNATIVES = 256

Condition = str | Node
Limited = Callable[[], object] | None
"""Called where a proof stopped at its limit."""

_Box = Mapping[int, Any]  # what each value may still be, by its variable


class _TooManyError(Exception):
    """More alternatives than are looked at."""


def contradiction(conditions: Sequence[Condition], scope: Scope, limited: Limited = None) -> tuple[int, ...] | None:
    """The positions of conditions that cannot all hold of one deal, none of them dispensable; None where none is known.

    Conditions that do not compile are left out. None too where there would be more than
    `MAX_ALTERNATIVES` combinations.
    """
    world = _World(scope, limited)
    sides = {
        at: alternatives for at, one in enumerate(conditions) if (alternatives := world.side(one, True)) is not None
    }
    if _possible(sides, world):
        return None
    needed = dict(sides)
    for at in reversed(sides):
        rest = {other: side for other, side in needed.items() if other != at}
        if not _possible(rest, world):
            needed = rest
    return tuple(needed)


def overlap(
    conditions: Sequence[Condition], scope: Scope, limited: Limited = None
) -> tuple[int, int, dict[str, Any]] | None:
    """Two conditions that can both hold, and the values with which they do; None where none are known.

    Only of fields, acts and what is there: nothing is said of values that may hang together otherwise.
    """
    world = _World(scope, limited)
    sides = [world.side(one, True) for one in conditions]
    for second, right in enumerate(sides):
        for first, left in enumerate(sides[:second]):
            if left is None or right is None:
                continue
            example = _example([left, right], world)
            if example is not None:
                return first, second, example
    return None


def exhaustive(conditions: Sequence[Condition], scope: Scope, limited: Limited = None) -> dict[str, Any] | None:
    """Values with which no condition holds though nothing is missing; None where there are none, or none are known."""
    world = _World(scope, limited)
    sides = [world.side(one, False) for one in conditions]
    known = [side for side in sides if side is not None]
    return _example(known, world) if len(known) == len(sides) and known else None


class _World:
    """The conditions' values, and each condition taken apart."""

    def __init__(self, scope: Scope, limited: Limited) -> None:
        self.scope = scope
        self.variables = Variables(scope)
        self._limited = limited

    def stop(self) -> None:
        """Tell that there is more than is looked at."""
        if self._limited is not None:
            self._limited()

    def side(self, condition: Condition, holds: bool) -> list[_Box] | None:
        """The ways in which a condition holds (or is known not to); None where it cannot be said."""
        tree = condition if isinstance(condition, Node) else checked(condition, self.scope, "condition")[0]
        if tree is None:
            return None
        try:
            return list(self._boxes(demands(tree, holds, self.variables, MAX_ALTERNATIVES)))
        except Unknowable:
            self.stop()
            return None

    def _boxes(self, ways: Sequence[Sequence[Demand]]) -> Iterator[_Box]:
        for way in ways:
            box = self.narrowed({}, way)
            if box is not None:
                yield box

    def narrowed(self, box: _Box, by: Sequence[Demand]) -> _Box | None:
        """`box` with more demands, or None where nothing is left of one of its values."""
        narrow = dict(box)
        for variable, domain in by:
            left = narrow.get(variable, self.variables.whole(variable)).meet(domain)
            if left.empty:
                return None
            narrow[variable] = left
        return narrow


def _possible(sides: Mapping[int, Sequence[_Box]], world: _World) -> bool:
    """False only where every combination is known to leave nothing."""
    try:
        return bool(_joined(list(sides.values()), world))
    except _TooManyError:
        world.stop()
        return True


def _joined(sides: Sequence[Sequence[_Box]], world: _World) -> list[_Box]:
    boxes: list[_Box] = [{}]
    for side in sorted(sides, key=len):
        found = []
        for box in boxes:
            for way in side:
                narrow = world.narrowed(box, list(way.items()))
                if narrow is not None:
                    found.append(narrow)
            if len(found) > MAX_ALTERNATIVES:
                raise _TooManyError
        boxes = found
    return boxes


def _example(sides: Sequence[Sequence[_Box]], world: _World) -> dict[str, Any] | None:
    try:
        boxes = _joined(sides, world)
    except _TooManyError:
        world.stop()
        return None
    variables = world.variables
    for box in boxes:
        if all(map(variables.independent, box)):
            named = {
                variables.label(at): variables.example(at, domain)
                for at, domain in box.items()
                if at in variables.asked
            }
            if named and None not in named.values():
                return named
    return None
