"""The `--set` arguments that would make a condition hold: a literal where it pins one, else a placeholder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from dealwright.guards.evaluate import UNKNOWN, View, evaluate, raw, truth
from dealwright.guards.tree import (
    Among,
    And,
    Compare,
    Confirmed,
    Constant,
    EntryId,
    Formula,
    Has,
    Node,
    Not,
    OpenEntries,
    Or,
    Over,
    Place,
    subnodes,
)
from dealwright.model.process import Field

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def placeholder(field: Field) -> str:
    """`<fit:choice>`: what is still to be filled in. A confirmation asks for the stakeholder who gives it."""
    kind = "stakeholder" if field.type == "confirmation" else field.type
    return f"<{field.id}:{kind}>"


def blank(field: Field) -> str:
    """`fit=<fit:choice>`."""
    return f"{field.id}={placeholder(field)}"


def literal(field: Field, value: Any) -> str:
    """`fit=yes`, spelled as the command line reads it back."""
    if isinstance(value, bool):
        shown = "true" if value else "false"
    elif isinstance(value, datetime):
        shown = value.isoformat().replace("+00:00", "Z")
    else:
        shown = str(value)
    return f"{field.id}={shown}"


def spread(settings: Iterable[str]) -> tuple[str, ...]:
    """Each setting behind its own `--set`."""
    return tuple(part for setting in settings for part in ("--set", setting))


def completed(fields: Iterable[Field], wanted: dict[str, str]) -> list[str]:
    """All required fields as placeholders, the wanted settings in their places, the others after them."""
    settings = {f.id: blank(f) for f in fields if f.required or f.at_least}
    settings.update(wanted)
    return list(settings.values())


def places_in(node: Node) -> Iterator[Place]:
    """Every place that a value is computed from, in reading order; lists are not entered."""
    if isinstance(node, Place):
        yield node
    elif not isinstance(node, Over | OpenEntries):
        for part in subnodes(node):
            yield from places_in(part)


def wanted(node: Node, holds: bool, view: View) -> Iterator[tuple[Place, str]]:
    """The places to set, each with its setting, so that `node` comes to hold (or not to hold).

    Only what is not as it must be; of alternatives the first that can be set at all.
    """
    if truth(node, view) is holds:
        return
    match node, holds:
        case (And(parts=parts), True) | (Or(parts=parts), False):
            for part in parts:
                yield from wanted(part, holds, view)
        case (Or(parts=parts), True) | (And(parts=parts), False):
            for part in parts:
                found = list(wanted(part, holds, view))
                if found:
                    yield from found
                    return
        case (Not(inner=inner), _):
            yield from wanted(inner, not holds, view)
        case (Formula(inner=inner, type="boolean"), _):
            yield from wanted(inner, holds, view)
        case (Confirmed(place=place), _):
            yield place, blank(place.field) if holds else f"{place.field.id}="
        case (Has(of=Place() as place), _):
            yield place, blank(place.field) if holds else f"{place.field.id}="
        case (Place() as place, _):
            yield place, literal(place.field, holds)
        case (Among(left=Place() as place, options=options), True):
            yield place, literal(place.field, options[0].value)
        case (Compare(), _):
            yield from _compared(node, holds, view)
        case _:
            yield from _unfilled(node, view)


def _compared(node: Compare, holds: bool, view: View) -> Iterator[tuple[Place, str]]:
    left, right, sign = node.left, node.right, node.operator
    if isinstance(left, Constant):
        left, right = right, left
        sign = _MIRRORED.get(sign, sign)
    if isinstance(left, EntryId):
        left, right = right, left
    if isinstance(left, Place) and isinstance(right, EntryId) and sign == ("==" if holds else "!="):
        entry = view.entries[right.slot].id
        yield left, literal(left.field, entry) if entry else blank(left.field)
    elif isinstance(left, Place) and isinstance(right, Constant) and sign == ("==" if holds else "!="):
        yield left, literal(left.field, right.value)
    else:
        yield from _unfilled(node, view)


def _unfilled(node: Node, view: View) -> Iterator[tuple[Place, str]]:
    """What is missing of the values that `node` is computed from; where nothing is, the first of them."""
    places = [place for place in places_in(node) if place.type != "list"]
    empty = [place for place in places if raw(place, view) is None]
    for place in empty or places[:1]:
        yield place, blank(place.field)


def number(node: Node, view: View) -> float | None:
    """A plain number, where `node` gives one."""
    value = evaluate(node, view)
    if value is UNKNOWN or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value
