"""What would help where a list has too few entries, too many, or entries that are not as they must be."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from dealwright.guards.combining import combined
from dealwright.guards.evaluate import UNKNOWN, View, entries_of, evaluate, truth
from dealwright.guards.settings import blank, completed, number, places_in, spread, wanted
from dealwright.guards.steps import (
    add_artifact,
    add_stakeholder,
    company,
    is_attribute,
    log_activity,
    set_record,
    with_stakeholder,
)
from dealwright.guards.tasks import add_task, change_task, close_task, is_progress
from dealwright.guards.tree import (
    And,
    Artifacts,
    Compare,
    Each,
    Has,
    Node,
    Not,
    OpenEntries,
    Or,
    Other,
    Over,
    Place,
    Stakeholders,
    Tasks,
    subnodes,
)
from dealwright.model.process import ArtifactKind, EventKind, Field
from dealwright.model.verdict import Remedy

Cures = Callable[[Node, bool, View], list[Remedy]]
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MOST = 20  # commands for one list: more would not be read


def for_list(node: Node, holds: bool, view: View, cures: Cures) -> Iterator[Remedy]:
    """The commands for a condition over lists. `cures` finds those of conditions outside of the entries."""
    match node:
        case Has(of=Place() as place):
            if holds:
                lacking = max(1, place.field.at_least) - len(entries_of(place, view))
                yield from _add(place, None, lacking, view)
        case Has(of=source):
            if holds:
                yield from _add(source, None, 1, view)
        case Over(how="any"):
            yield from _more(node, 1, view, cures) if holds else _fewer(node, view)
        case Over(how="all"):
            yield from _every(node, view, cures) if holds else ()
        case Compare():
            yield from _compared(node, holds, view, cures)
        case _:
            return


def for_each(node: Each, view: View, cures: Cures) -> Iterator[Remedy]:
    """For every entry that fails, what makes the condition hold of it; spared is nobody by changing whom it asks of."""
    over = node.over
    entries = entries_of(over.source, view)
    if not entries:
        yield from _add(over.source, node.condition, 1, view, over.depth)
    for entry in entries[:_MOST]:
        inside = view.inside(entry)
        if over.inner is not None and truth(over.inner, inside) is not True:
            yield from _of_one(over.source, entry, node.condition, True, inside, cures)


def _of_one(source: Node, entry: Any, node: Node, holds: bool, inside: View, cures: Cures) -> list[Remedy]:
    """The commands for one entry: on itself, or on what its condition asks of the deal."""
    if truth(node, inside) is holds:
        return []
    match node, holds:
        case (And(parts=parts), True) | (Or(parts=parts), False):
            return combined(_of_one(source, entry, part, holds, inside, cures) for part in parts)
        case (Or(parts=parts), True) | (And(parts=parts), False):
            ways = (_of_one(source, entry, part, holds, inside, cures) for part in parts)
            return min((way for way in ways if way), key=len, default=[])
        case (Not(inner=inner), _):
            return _of_one(source, entry, inner, not holds, inside, cures)
        case _:
            return list(_change(source, entry, node, inside, holds=holds)) or cures(node, holds, inside)


def _compared(node: Compare, holds: bool, view: View, cures: Cures) -> Iterator[Remedy]:
    left, right = node.left, node.right
    sign = node.operator if holds else _OPPOSITE[node.operator]
    if not isinstance(left, Over | OpenEntries):
        left, right = right, left
        sign = _MIRRORED.get(sign, sign)
    if isinstance(left, OpenEntries):
        yield from _close(left, sign, number(right, view), view)
        return
    if not isinstance(left, Over) or left.how != "count":
        yield from _summed(node, view)
        return
    have, aim = _least(left, view), number(right, view)
    if isinstance(right, Over) and right.how == "count":
        aim = _least(right, view)
        if aim < have and sign in ("==", "<", "<="):
            yield from _more(right, have - aim + (sign == "<"), view, cures)
            return
    if aim is None:
        yield from cures_of_places(right, view)
        return
    goal = math.floor(aim) + 1 if sign == ">" else math.ceil(aim)
    if sign in (">", ">=", "==") and have < goal:
        yield from _more(left, goal - have, view, cures)
    elif sign == "!=" and have == aim:
        yield from _more(left, 1, view, cures)
    elif sign in ("<", "<=", "=="):
        excess = have - (math.ceil(aim) - 1 if sign == "<" else math.floor(aim))
        yield from _fewer(left, view, excess)


def cures_of_places(node: Node, view: View) -> Iterator[Remedy]:
    """Fill what the other side of a comparison is missing."""
    for place in places_in(node):
        if place.where == "deal" and evaluate(place, view) is UNKNOWN:
            yield Remedy("deal set", ("--set", blank(place.field)), company(place.field.by))


def _least(node: Over, view: View) -> int:
    entries = entries_of(node.source, view)
    if node.inner is None:
        return len(entries)
    return sum(truth(node.inner, view.inside(entry)) is True for entry in entries)


def _close(node: OpenEntries, sign: str, aim: float | None, view: View) -> Iterator[Remedy]:
    if sign not in ("==", "<", "<=") or aim is None or not isinstance(node.source, Place | Tasks):
        return
    waiting = [entry for entry in entries_of(node.source, view) if not entry.closed]
    keep = math.ceil(aim) - 1 if sign == "<" else math.floor(aim)
    if isinstance(node.source, Tasks):
        yield from (close_task(entry.id, view) for entry in waiting[max(0, keep) :][:_MOST])
        return
    field = node.source.field
    for entry in waiting[max(0, keep) :][:_MOST]:
        yield Remedy("deal item close", (field.id, entry.id), company(field.by))


def _more(node: Over, lacking: int, view: View, cures: Cures) -> Iterator[Remedy]:
    """Bring `lacking` more entries to satisfy the condition: first those that are there, then new ones."""
    if node.inner is not None:
        for entry in entries_of(node.source, view):
            if lacking <= 0:
                return
            inside = view.inside(entry)
            if truth(node.inner, inside) is True or _says_otherwise(node, inside):
                continue
            found = list(_change(node.source, entry, node.inner, inside, holds=True))
            if found:
                yield from found
                lacking -= 1
        yield from _outer(node, view, cures)
    yield from _add(node.source, node.inner, lacking, view, node.depth)


def _says_otherwise(node: Over, inside: View) -> bool:
    """True where an entry has a value of its own and another is wanted: a different fact, not an unfinished one."""
    depth = len(inside.entries) - 1
    return node.inner is not None and any(
        place.where == "entry"
        and not (isinstance(node.source, Tasks) and is_progress(place.field))
        and place.slot == depth
        and place.field.type != "confirmation"
        and evaluate(place, inside) is not UNKNOWN
        for place, _ in wanted(node.inner, True, inside)
    )


def _outer(node: Over, view: View, cures: Cures) -> Iterator[Remedy]:
    """Parts of an entry's condition that speak of the deal, not of the entry."""
    for part in subnodes(node.inner) if node.inner is not None else ():
        if part.type == "boolean" and not _of_entry(part):
            yield from cures(part, True, view)


def _of_entry(node: Node) -> bool:
    if isinstance(node, Place):
        return node.where == "entry"
    return any(_of_entry(part) for part in subnodes(node))


def _fewer(node: Over, view: View, excess: int | None = None) -> Iterator[Remedy]:
    """Change entries that satisfy the condition, or may, so that they do not."""
    if node.inner is None:
        return
    changed = 0
    for entry in entries_of(node.source, view):
        inside = view.inside(entry)
        stands = truth(node.inner, inside)
        if stands is False or (excess is not None and excess >= 0 and changed >= excess and stands is True):
            continue
        yield from _change(node.source, entry, node.inner, inside, holds=False)
        changed += 1
        if changed >= _MOST:
            return


def _every(node: Over, view: View, cures: Cures) -> Iterator[Remedy]:
    if node.inner is None:
        return
    entries = entries_of(node.source, view)
    if not entries:
        yield from _outer(node, view, cures)
        yield from _add(node.source, node.inner, 1, view, node.depth)
    for entry in entries[:_MOST]:
        yield from _change(node.source, entry, node.inner, view.inside(entry), holds=True)


def _change(source: Node, entry: Any, inner: Node, inside: View, *, holds: bool) -> Iterator[Remedy]:
    """Set what keeps one entry from satisfying the condition (or from not satisfying it)."""
    if truth(inner, inside) is holds:
        return
    depth = len(inside.entries) - 1
    settings = _settings(inner, holds, inside, depth)
    if not settings:
        return
    fields = [field for field, _ in settings.values()]
    arguments = spread(setting for _, setting in settings.values())
    match source:
        case Stakeholders():
            yield Remedy("stakeholder set", (entry.id, *arguments))
        case Tasks():
            yield from change_task(entry.id, [setting for _, setting in settings.values()], inside)
        case Other(of=other):
            changes = [setting for field, setting in settings.values() if not is_attribute(field)]
            yield from set_record(other, entry.id, changes, inside) if changes else ()
        case Place(where="deal", field=field):
            remedy = Remedy("deal item set", (field.id, entry.id, *arguments), company(field.by))
            yield from with_stakeholder(fields, remedy, inside)
        case Artifacts(kind=kind):
            yield from add_artifact(kind, {name: setting for name, (_, setting) in settings.items()}, inside, of=entry)
        case Place(holder=ArtifactKind() as kind, field=field):
            yield from add_artifact(kind, {field.id: blank(field)}, inside)
        case Place(holder=EventKind() as act, field=field):
            yield from log_activity(act, {field.id: blank(field)}, inside)
        case _:
            return


def _settings(inner: Node, holds: bool, inside: View, depth: int) -> dict[str, tuple[Field, str]]:
    found: dict[str, tuple[Field, str]] = {}
    for place, setting in wanted(inner, holds, inside):
        if place.where == "entry" and place.slot == depth:
            found[place.field.id] = (place.field, setting)
    return found


class _Nobody:
    """An entry that is still to be made: nothing in it yet."""

    id = ""
    values: tuple[Any, ...] = ()
    closed = False


def _add(source: Node, inner: Node | None, lacking: int, view: View, depth: int = 0) -> Iterator[Remedy]:
    """New entries that satisfy the condition."""
    settings = _settings(inner, True, view.inside(_Nobody()), depth) if inner is not None else {}
    chosen = {name: setting for name, (_, setting) in settings.items()}
    times = range(min(max(0, lacking), _MOST))
    match source:
        case Stakeholders(role=role):
            if role:
                chosen["role"] = f"role={role}"
            for _ in times:
                yield add_stakeholder(chosen)
        case Place(where="deal", field=field):
            asked = [f for f in field.of if f.required or f.id in chosen]
            arguments = spread(completed(field.of, chosen))
            remedy = Remedy("deal item add", (field.id, *arguments), company(field.by))
            for at in times:
                yield from with_stakeholder(asked, remedy, view) if at == 0 else [remedy]
        case Artifacts(kind=kind):
            for _ in times:
                yield from add_artifact(kind, chosen, view)
        case Tasks():
            for _ in times:
                yield from add_task(chosen, view)
        case Place(holder=ArtifactKind() as kind, field=field) if lacking > 0:
            yield from add_artifact(kind, {field.id: blank(field)}, view)
        case Place(holder=EventKind() as act, field=field) if lacking > 0:
            yield from log_activity(act, {field.id: blank(field)}, view)
        case _:
            return


def _summed(node: Compare, view: View) -> Iterator[Remedy]:
    """A sum grows with an entry: fill the gaps of those that are there, else add one."""
    overs = [part for side in (node.left, node.right) for part in _overs(side)]
    for over in overs[:1]:
        before = False
        for entry in entries_of(over.source, view) if over.inner is not None else ():
            inside = view.inside(entry)
            if over.inner is not None and evaluate(over.inner, inside) is UNKNOWN:
                before = True
                yield from _fill(over.source, entry, over.inner, inside)
        if not before and isinstance(over.source, Place | Stakeholders | Artifacts):
            yield from _add_filled(over, view)


def _overs(node: Node) -> Iterator[Over]:
    if isinstance(node, Over):
        yield node
        return
    for part in subnodes(node):
        yield from _overs(part)


def _fill(source: Node, entry: Any, inner: Node, inside: View) -> Iterator[Remedy]:
    empty = [p for p in places_in(inner) if p.where == "entry" and evaluate(p, inside) is UNKNOWN]
    if isinstance(source, Place) and source.where == "deal" and empty:
        arguments = spread(blank(place.field) for place in empty)
        yield Remedy("deal item set", (source.field.id, entry.id, *arguments), company(source.field.by))


def _add_filled(over: Over, view: View) -> Iterator[Remedy]:
    source = over.source
    places = list(places_in(over.inner)) if over.inner is not None else []
    chosen = {place.field.id: blank(place.field) for place in places if place.where == "entry"}
    if isinstance(source, Place) and source.where == "deal":
        arguments = spread(completed(source.field.of, chosen))
        yield Remedy("deal item add", (source.field.id, *arguments), company(source.field.by))
    else:
        yield from _add(source, None, 1, view)
