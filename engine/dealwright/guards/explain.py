"""Why a condition does not hold: what it expects, what there is, and what would help."""

from __future__ import annotations

from typing import Any

import msgspec

from dealwright.guards import standing
from dealwright.guards.evaluate import UNKNOWN, Range, View, entries_of, evaluate, raw, truth
from dealwright.guards.quantities import rounded
from dealwright.guards.remedies import remedies
from dealwright.guards.scope import entry_fields
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
)
from dealwright.guards.wording import in_words, joined, term
from dealwright.model.money import Money
from dealwright.model.process import Field
from dealwright.model.text import Text
from dealwright.model.verdict import Explanation, Status

_MOST = 20  # entries named: more would not be read


def explanation(tree: Node, view: View, status: Status) -> Explanation:
    """The whole answer. Words, findings and remedies speak only of the parts that are not met."""
    expected = in_words(tree) if status == "met" else _lacking(tree, True, view)
    readings: dict[str, Any] = {}
    _read(tree, True, view, status == "met", readings)
    found = next(iter(readings.values())) if len(readings) == 1 else readings or None
    return Explanation(status, expected, found, () if status == "met" else remedies(tree, view))


def _stands(node: Node, holds: bool, view: View) -> bool:
    return truth(node, view) is holds


def _lacking(node: Node, holds: bool, view: View) -> Text:
    """In words, what is not as it must be below `node`."""
    match node, holds:
        case (And(parts=parts), True) | (Or(parts=parts), False):
            missing = [_lacking(part, holds, view) for part in parts if not _stands(part, holds, view)]
            return joined(missing, "and", "，且")
        case (Or(parts=parts), True) | (And(parts=parts), False):
            return joined([_lacking(part, holds, view) for part in parts], "or", "，或")
        case (Not(inner=inner), _):
            return _lacking(inner, not holds, view)
        case _:
            words = in_words(node, holds)
            extra = _foreign_money(node, view)
            return Text(words.en + extra.en, words.zh + extra.zh)


def _foreign_money(node: Node, view: View) -> Text:
    """A remark where sums in different currencies meet, which nothing here converts."""
    if not isinstance(node, Compare):
        return Text("", "")
    sides = [evaluate(side, view) for side in (node.left, node.right)]
    currencies = {side.currency for side in sides if isinstance(side, Money)}
    if any(side is not UNKNOWN and not isinstance(side, Money) for side in sides) and currencies:
        currencies.add(view.currency)
    if len(currencies) < 2:
        return Text("", "")
    listed = sorted(currencies)
    return Text(
        f" (in one currency: {' and '.join(listed)} do not compare)", f"（须为同一币种：{'与'.join(listed)}无法比较）"
    )


def _read(node: Node, holds: bool, view: View, everything: bool, readings: dict[str, Any]) -> None:
    """Note what there is for every part that is not as it must be (or for every part at all)."""
    if not everything and _stands(node, holds, view):
        return
    match node:
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                _read(part, holds, view, everything, readings)
        case Not(inner=inner):
            _read(inner, not holds, view, everything, readings)
        case Compare(left=left, right=right):
            for side in (left, right):
                _note(side, view, readings)
        case Among(left=left):
            _note(left, view, readings)
        case _:
            _note(node, view, readings)


def _note(node: Node, view: View, readings: dict[str, Any]) -> None:
    if isinstance(node, Constant | Today):
        return
    if isinstance(node, Arithmetic):
        _note(node.left, view, readings)
        _note(node.right, view, readings)
    elif isinstance(node, Formula) and evaluate(node, view) is UNKNOWN:
        readings[label(node)] = None
        _note(node.inner, view, readings)  # what it is computed from, so that the gap is seen
    elif isinstance(node, Has) and isinstance(node.of, Place) and node.of.field.personal:
        return  # what was found of a person is nobody's business here
    else:
        readings[label(node)] = _found(node, view)


def label(node: Node) -> str:  # noqa: PLR0911 - one per kind of node
    """What a value is called in `found`: close to how the expression writes it."""
    match node:
        case Place(field=field, holder=holder):
            return field.id if holder is None else f"{holder.id}.{field.id}"
        case Confirmed(place=place):
            return label(place)
        case Own(name=name):
            return name
        case Formula(field=field):
            return field.id
        case Has(of=of):
            return label(of)
        case Standing(kind=kind) | Artifacts(kind=kind):
            return kind.id
        case Happened(kind=act) | LastTime(kind=act):
            return act.id
        case Stakeholders(role=role):
            return f"stakeholders({role})" if role else "stakeholders"
        case Over(how=how, source=source):
            return f"{how}({label(source)})"
        case OpenEntries(source=source):
            return f"open({label(source)})"
        case Days(how=how, of=of):
            return f"days_{how}({label(of)})"
        case Call(function=function):
            return function.name
        case _:
            return _label(node)


def _label(node: Node) -> str:
    match node:
        case Each(over=over):
            return label(over.source)
        case Tasks():
            return "tasks"
        case Other(of=other):
            return other.id
        case EntryId():
            return "entry"
        case _:
            return term(node).en


def _found(node: Node, view: View) -> Any:  # noqa: PLR0911 - one per kind of node
    match node:
        case Standing(slot=slot, kind=kind, what=what):
            artifact = standing.latest_artifact(view.deal, slot)
            if artifact is None:
                return None
            state: dict[str, Any] = {"missing": list(standing.missing(kind, artifact, view.fresh))}
            if what == "approved":
                asked = view.approvals.get(kind.id, ())
                waiting = standing.outstanding(artifact, asked, view.deal, view.fresh, view.moment)
                state["outstanding"] = [approval.id for approval in waiting]
                state["rejected"] = [a.id for a in waiting if not all(standing.last_answers(artifact, a).values())]
                late = [a.id for a in waiting if standing.expired(view.deal, artifact, a)]
                if late:
                    state["expired"] = late
            return state
        case Each():
            return _failing(node, view)
        case Has(of=Place(type="list") | Stakeholders() | Tasks() | Other(type="list")):
            entries = evaluate(node.of, view)
            return 0 if entries is UNKNOWN else len(entries)
        case Has(of=Place() as place):
            return plain(raw(place, view))
        case Has(of=of):
            return plain(evaluate(of, view))
        case Over(how="any" | "all", source=source):
            entries = evaluate(source, view)
            return 0 if entries is UNKNOWN else len(entries)
        case Formula():
            return plain(rounded(evaluate(node, view)))
        case _:
            return plain(evaluate(node, view))


def _failing(node: Each, view: View) -> dict[str, Any]:
    """The entries that fail: `{failing: [{id, title, status}], of: how many there are}`; title null where personal."""
    over = node.over
    entries = entries_of(over.source, view)
    fields = entry_fields(over.source)
    failing = []
    for entry in entries:
        answer = truth(over.inner, view.inside(entry)) if over.inner is not None else True
        if answer is not True:
            status = "unmet" if answer is False else "unknown"
            failing.append({"id": entry.id, "title": _title(fields, entry.values), "status": status})
    return {"failing": failing[:_MOST], "of": len(entries)}


def _title(fields: tuple[Field, ...], values: tuple[Any, ...]) -> str | None:
    """What an entry is called: its title, else its first text or choice that is nobody's personal data."""
    held = {
        field.id: value[:80]
        for field, value in zip(fields, values, strict=False)
        if field.type in ("text", "choice") and not field.personal and isinstance(value, str)
    }
    held.pop("id", None)
    return held.get("title") or next(iter(held.values()), None)


def plain(value: Any) -> Any:
    """Any value as JSON data: null for unknown, the least of an open count."""
    if value is UNKNOWN:
        return None
    if isinstance(value, Range):
        return value.low
    return msgspec.to_builtins(value)
