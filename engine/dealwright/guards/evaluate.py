"""The slow path: every part evaluated in Kleene's four-valued sense. Never raises; missing data is `UNKNOWN`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from dealwright.guards import quantities, rows, standing
from dealwright.guards.moment import Moment
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
from dealwright.model.deal import Deal
from dealwright.model.money import Money


class _Unknown:
    """The one value that stands for missing data."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()


class Range(Struct, frozen=True):
    """A count that missing data leaves open: at least `low`, at most `high`."""

    low: float
    high: float


class View(Struct, frozen=True):
    """A deal as one expression sees it; `entries` are those of the lists it is inside of."""

    deal: Deal
    fresh: int
    moment: Moment
    currency: str
    approvals: Mapping[str, Sequence[standing.Asked]]
    entries: tuple[Any, ...] = ()

    def inside(self, entry: Any) -> View:
        """The same view from within a list's entry."""
        return View(self.deal, self.fresh, self.moment, self.currency, self.approvals, (*self.entries, entry))


def evaluate(node: Node, view: View) -> Any:
    """The value of `node`, a Range, or UNKNOWN. Conditions give True, False or UNKNOWN."""
    try:
        return _RULES[type(node)](node, view)
    except Exception:
        return UNKNOWN


def truth(node: Node, view: View) -> Any:
    """A condition's True, False or UNKNOWN; an answer of any other kind is none."""
    answer = evaluate(node, view)
    return answer if answer is True or answer is False else UNKNOWN


def raw(place: Place, view: View) -> Any:
    """What a place holds, or None."""
    holder: Any
    if place.where == "record":
        return None if place.holder is None else rows.reading(view.moment, place.holder.id, place.field)
    if place.where == "deal":
        holder = view.deal
    elif place.where == "entry":
        holder = view.entries[place.slot]
    elif place.where == "artifact":
        holder = standing.latest_artifact(view.deal, place.slot)
    else:
        holder = standing.last_fact(view.deal, place.holder.id if place.holder else "", view.fresh)
    values = () if holder is None else holder.values
    return values[place.at] if place.at < len(values) else None


def entries_of(node: Node, view: View) -> tuple[Any, ...]:
    """The entries of a list; of one never filled, none."""
    match node:
        case Stakeholders(role=role):
            everyone = view.deal.stakeholders
            return standing.of_role(everyone, role) if role else everyone
        case Artifacts(slot=slot):
            return view.deal.artifacts[slot] if slot < len(view.deal.artifacts) else ()
        case Place():
            return raw(node, view) or ()
        case Tasks():
            return rows.task_rows(view.deal, view.moment)
        case Other(of=other):
            return rows.related_rows(view.moment, other) if known_list(node, view) else ()
        case _:
            found = evaluate(node, view)
            return () if found is UNKNOWN else tuple(found)


def known_list(node: Node, view: View) -> bool:
    """False for other deals that nobody looked up, or a list of such: how many entries there are is not known."""
    if isinstance(node, Other):
        return isinstance(view.moment.facts.records.get(node.of.id), tuple)
    if isinstance(node, Place) and node.where == "record" and node.holder is not None:
        return rows.one(view.moment, node.holder.id) is not None
    return True


def _other(node: Other, view: View) -> Any:
    if node.of.many:
        return rows.related_rows(view.moment, node.of)
    found = rows.identity(view.moment, node.of.id)
    return UNKNOWN if found is None else found


def _place(node: Place, view: View) -> Any:
    if node.type == "list":
        return entries_of(node, view) if known_list(node, view) else UNKNOWN
    value = raw(node, view)
    return UNKNOWN if value is None else value


def _confirmed(node: Confirmed, view: View) -> bool:
    value = raw(node.place, view)
    return value is not None and bool(value.seq > view.fresh)


def _own(node: Own, view: View) -> Any:
    deal = view.deal
    value: Any
    if node.name == "phase":
        value = deal.layout.stages[deal.layout.stage_at[deal.stage]].phase
    elif node.name == "opened_on":
        value = None if deal.opened_at is None else view.moment.day_of(deal.opened_at)
    elif node.name == "variant":
        value = rows.variant_of(deal)
    else:
        value = getattr(deal, node.name) or None
    return UNKNOWN if value is None else value


def _has(node: Has, view: View) -> bool:
    match node.of:
        case Place() as place:
            return standing.held(place.field, raw(place, view), view.fresh)
        case Own() as own:
            return evaluate(own, view) is not UNKNOWN
        case Other(type="record") as other:
            return _other(other, view) is not UNKNOWN
        case Formula(inner=inner):
            return evaluate(inner, view) is not UNKNOWN
        case source:
            return bool(entries_of(source, view))


def _standing(node: Standing, view: View) -> bool:
    if node.what == "there":
        return standing.there(view.deal, node.slot)
    if node.what == "complete":
        return standing.complete(view.deal, node.slot, node.kind, view.fresh)
    approvals = view.approvals.get(node.kind.id, ())
    return standing.approved(view.deal, node.slot, node.kind, approvals, view.fresh, view.moment)


def _over(node: Over, view: View) -> Any:
    if not known_list(node.source, view):
        return UNKNOWN
    entries = entries_of(node.source, view)
    if node.inner is None:
        return len(entries)
    ask = evaluate if node.how == "sum" else truth
    answers = [ask(node.inner, view.inside(entry)) for entry in entries]
    if node.how == "any":
        return either(answers)
    if node.how == "all":
        return both(answers) if answers else UNKNOWN
    if node.how == "sum":
        if any(answer is UNKNOWN or isinstance(answer, Range) for answer in answers):
            return UNKNOWN
        return quantities.total(answers, node.type, view.currency)
    low = sum(answer is True for answer in answers)
    high = low + sum(answer is UNKNOWN for answer in answers)
    return low if low == high else Range(low, high)


def _open(node: OpenEntries, view: View) -> Any:
    return standing.open_entries(entries_of(node.source, view)) if known_list(node.source, view) else UNKNOWN


def both(answers: Sequence[Any]) -> Any:
    """Kleene's and: false wins, then unknown."""
    if any(answer is False for answer in answers):
        return False
    return UNKNOWN if any(answer is UNKNOWN for answer in answers) else True


def either(answers: Sequence[Any]) -> Any:
    """Kleene's or: true wins, then unknown."""
    if any(answer is True for answer in answers):
        return True
    return UNKNOWN if any(answer is UNKNOWN for answer in answers) else False


def negation(answer: Any) -> Any:
    """Kleene's not: unknown stays unknown."""
    return UNKNOWN if answer is UNKNOWN else not answer


def _compare(node: Compare, view: View) -> Any:
    left, right = evaluate(node.left, view), evaluate(node.right, view)
    if left is UNKNOWN or right is UNKNOWN:
        return UNKNOWN
    if isinstance(left, Range) or isinstance(right, Range):
        if isinstance(left, Money) or isinstance(right, Money):
            return UNKNOWN
        return _compare_ranges(node.operator, _bounds(left), _bounds(right))
    return quantities.compare(node.operator, left, right, view.currency, view.moment)


def _bounds(value: Any) -> Range:
    return value if isinstance(value, Range) else Range(value, value)


def _compare_ranges(sign: str, a: Range, b: Range) -> Any:
    """What holds for every pair of numbers within both bounds, else UNKNOWN."""
    if sign in ("==", "!="):
        apart = a.high < b.low or b.high < a.low
        return (sign == "!=") if apart else UNKNOWN
    if sign in (">", ">="):
        a, b, sign = b, a, {">": "<", ">=": "<="}[sign]
    if sign == "<":
        return True if a.high < b.low else False if a.low >= b.high else UNKNOWN
    return True if a.high <= b.low else False if a.low > b.high else UNKNOWN


def _arithmetic(node: Arithmetic, view: View) -> Any:
    left, right = evaluate(node.left, view), evaluate(node.right, view)
    if left is UNKNOWN or right is UNKNOWN:
        return UNKNOWN
    if isinstance(left, Range) or isinstance(right, Range):
        if node.type != "number" or node.operator not in ("+", "-"):
            return UNKNOWN
        a, b = _bounds(left), _bounds(right)
        if node.operator == "+":
            return Range(a.low + b.low, a.high + b.high)
        return Range(a.low - b.high, a.high - b.low)
    return quantities.compute(node.operator, left, right, view.currency)


def _among(node: Among, view: View) -> Any:
    return either([_compare(Compare("boolean", "==", node.left, option), view) for option in node.options])


def _call(node: Call, view: View) -> Any:
    arguments = [evaluate(argument, view) for argument in node.arguments]
    if any(argument is UNKNOWN or isinstance(argument, Range) for argument in arguments):
        return UNKNOWN
    return fitting(node.function.call(*arguments), node.type)


_GIVES: dict[str, Any] = {"text": str, "number": (int, float), "boolean": bool, "money": Money, "list": (list, tuple)}


def fitting(answer: Any, gives: str) -> Any:
    """What a plugin's function answered, if it is of the promised type; else raises TypeError."""
    from datetime import date, datetime

    if gives == "date":
        good = isinstance(answer, date) and not isinstance(answer, datetime)
    elif gives == "number":
        good = isinstance(answer, int | float) and not isinstance(answer, bool)
        quantities.finite(answer)
    else:
        good = answer is not None and isinstance(answer, _GIVES.get(gives, object))
    if not good:
        raise TypeError(gives)
    return answer


_RULES: dict[type, Callable[[Any, View], Any]] = {
    Constant: lambda node, _: node.value,
    Place: _place,
    Confirmed: _confirmed,
    Formula: lambda node, view: evaluate(node.inner, view),
    Own: _own,
    Artifacts: entries_of,
    Stakeholders: entries_of,
    Tasks: entries_of,
    Other: _other,
    EntryId: lambda node, view: quantities.need(view.entries[node.slot].id or None),
    Each: lambda node, view: _over(node.over, view),
    Has: _has,
    Standing: _standing,
    Happened: lambda node, view: standing.happened(view.deal.facts, node.kind.id, view.fresh),
    LastTime: lambda node, view: quantities.need(standing.last_time(view.deal, node.kind.id, view.fresh)),
    Over: _over,
    OpenEntries: _open,
    Today: lambda _, view: view.moment.today,
    Days: lambda node, view: quantities.days(node.how, quantities.need(_known(node.of, view)), view.moment),
    Call: _call,
    Arithmetic: _arithmetic,
    Compare: _compare,
    Among: _among,
    Not: lambda node, view: negation(truth(node.inner, view)),
    And: lambda node, view: both([truth(part, view) for part in node.parts]),
    Or: lambda node, view: either([truth(part, view) for part in node.parts]),
}


def _known(node: Node, view: View) -> Any:
    value = evaluate(node, view)
    return None if value is UNKNOWN else value
