"""The commands that would make a condition hold, in order, from what is not met alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dealwright.guards import rows, standing
from dealwright.guards.combining import combined, tidied
from dealwright.guards.entries import for_each, for_list
from dealwright.guards.evaluate import View, truth
from dealwright.guards.settings import wanted
from dealwright.guards.steps import add_artifact, company, is_attribute, log_activity, set_record, with_stakeholder
from dealwright.guards.tree import (
    Among,
    And,
    Compare,
    Constant,
    Days,
    Each,
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
    subnodes,
)
from dealwright.model.layout import Readable
from dealwright.model.process import ArtifactKind, EventKind
from dealwright.model.verdict import Remedy


def remedies(tree: Node, view: View) -> tuple[Remedy, ...]:
    """What to do, each command once; several needs of one artifact or act become one command."""
    return tuple(cures(tree, True, view))


def cures(node: Node, holds: bool, view: View) -> list[Remedy]:
    """The commands below `node`; none where it is as it must be, or where only time can help."""
    if truth(node, view) is holds:
        return []
    match node, holds:
        case (And(parts=parts), True) | (Or(parts=parts), False):
            return combined(cures(part, holds, view) for part in parts)
        case (Or(parts=parts), True) | (And(parts=parts), False):
            # One way is enough, and two might not agree: the shortest, the first of equals.
            return min((way for part in parts if (way := cures(part, holds, view))), key=len, default=[])
        case (Not(inner=inner), _):
            return cures(inner, not holds, view)
        case (Formula(inner=inner, type="boolean"), _):
            return cures(inner, holds, view)
        case _:
            return tidied(_leaf(node, holds, view), view)


def _leaf(node: Node, holds: bool, view: View) -> Iterator[Remedy]:
    match node:
        case Happened(kind=kind):
            if holds:
                yield from log_activity(kind, {}, view)
        case Standing():
            if holds:
                yield from _stand(node, view)
        case Each():
            if holds:
                yield from for_each(node, view, cures)
        case Has(of=Stakeholders() | Place(type="list") | Tasks()) | Over():
            yield from for_list(node, holds, view, cures)
        case Has(of=Other()):
            return  # whether another deal fits is not this one's to say
        case Has(of=Own() as own) if holds:
            yield from _own(own, "")
        case Compare():
            yield from _compare(node, holds, view)
        case Among(left=Own() as own, options=options) if holds:
            yield from _own(own, str(options[0].value))
        case Among(left=left, options=options) if _counts(left):
            if holds:
                yield from for_list(Compare("boolean", "==", left, options[0]), holds, view, cures)
        case _:
            yield from _set_places(node, holds, view)


def _own(own: Own, value: str) -> Iterator[Remedy]:
    """Of what the deal itself knows, only the owner is there to be set."""
    if own.name == "owner":
        yield Remedy("deal assign", (value or "<owner:person>",))


def _compare(node: Compare, holds: bool, view: View) -> Iterator[Remedy]:
    left, right = (node.left, node.right)
    if isinstance(left, Constant):
        left, right = right, left
    lists = [side for side in (left, right) if _counts(side)]
    if lists:
        yield from for_list(node, holds, view, cures)
    elif isinstance(left, Own):
        if isinstance(right, Constant) and (node.operator == "==") is holds:
            yield from _own(left, str(right.value))
    else:
        yield from _acts(node, holds, view)
        yield from _set_places(node, holds, view)


def _counts(node: Node) -> bool:
    return isinstance(node, Over | OpenEntries) or any(_counts(part) for part in subnodes(node))


def _acts(node: Compare, holds: bool, view: View) -> Iterator[Remedy]:
    """Doing it again helps where days are counted since an act, and too many have gone by, or it never was."""
    for side, other_is_right in ((node.left, True), (node.right, False)):
        for days in _days_in(side):
            if not isinstance(days.of, LastTime):
                continue
            kind = days.of.kind
            never = not standing.happened(view.deal.facts, kind.id, view.fresh)
            falls = node.operator in (("<", "<=", "==") if other_is_right else (">", ">=", "=="))
            if never or falls is holds:
                yield from log_activity(kind, {}, view)


def _days_in(node: Node) -> Iterator[Days]:
    if isinstance(node, Days):
        yield node
    for part in subnodes(node):
        yield from _days_in(part)


def _set_places(node: Node, holds: bool, view: View) -> Iterator[Remedy]:
    artifacts: dict[int, tuple[ArtifactKind, dict[str, str]]] = {}
    events: dict[str, tuple[EventKind, dict[str, str]]] = {}
    others: dict[str, tuple[Readable, list[str]]] = {}
    for place, setting in wanted(node, holds, view):
        field = place.field
        if place.where == "deal":
            yield from with_stakeholder([field], Remedy("deal set", ("--set", setting), company(field.by)), view)
        elif isinstance(place.holder, ArtifactKind):
            artifacts.setdefault(place.slot, (place.holder, {}))[1][field.id] = setting
        elif isinstance(place.holder, Readable) and not is_attribute(field):
            others.setdefault(place.holder.id, (place.holder, []))[1].append(setting)
        elif isinstance(place.holder, EventKind):
            events.setdefault(place.holder.id, (place.holder, {}))[1][field.id] = setting
    for kind, settings in artifacts.values():
        yield from add_artifact(kind, settings, view)
    for act, settings in events.values():
        yield from log_activity(act, settings, view)
    for other, changes in others.values():
        yield from set_record(other, rows.identity(view.moment, other.id), changes, view)


def _stand(node: Standing, view: View) -> Iterator[Remedy]:
    """Record what is missing, then have it approved; a rejected or expired version takes a new one."""
    kind = node.kind
    artifact = standing.latest_artifact(view.deal, node.slot)
    asked = view.approvals.get(kind.id, ()) if node.what == "approved" else ()
    waiting = []
    if artifact is not None:
        waiting = standing.outstanding(artifact, asked, view.deal, view.fresh, view.moment)
        rejected = any(
            not all(standing.last_answers(artifact, a).values()) or standing.expired(view.deal, artifact, a)
            for a in waiting
        )
        lacking = node.what != "there" and bool(standing.missing(kind, artifact, view.fresh))
    if artifact is None or rejected or lacking:
        yield from add_artifact(kind, {}, view)
        answered: dict[str, int] = {}
        waiting = [a for a, on in asked if on is None or on(view.deal, view.fresh, view.moment) != "unmet"]
    else:
        answered = {a.id: len(standing.last_answers(artifact, a)) for a in waiting}
    name = artifact.id if artifact is not None and not kind.many else kind.id
    if artifact is not None and kind.many and not (rejected or lacking):
        name = artifact.id
    for approval in _in_turn(waiting):
        for _ in range(approval.count - answered.get(approval.id, 0)):
            roles = approval.by
            if artifact is not None and not (rejected or lacking):
                roles = standing.asked_of(view.deal, artifact, approval)
            yield Remedy("artifact approve", (name,), company(roles))


def _in_turn(approvals: list[Any]) -> list[Any]:
    """Approvals that come after another stand behind it."""
    ordered: list[Any] = []
    left = list(approvals)
    while left:
        open_ids = {approval.id for approval in left}
        turn = next((a for a in left if a.after not in open_ids - {a.id}), left[0])
        left.remove(turn)
        ordered.append(turn)
    return ordered
