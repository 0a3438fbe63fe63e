"""Values as people read them in a sentence, in either language."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dealwright.guards.moment import Moment
from dealwright.guards.quantities import rounded
from dealwright.guards.rows import one
from dealwright.guards.tree import Formula, Node, Other, Own, Place
from dealwright.model.deal import Deal, FileRef
from dealwright.model.money import Money


def in_text(node: Node, value: Any, deal: Deal, moment: Moment, lang: str) -> str:
    """A known value of `node`: titles for choices, stages and records, dates and money written out."""
    named = _named(node, value, deal, moment, lang)
    if named is not None:
        return named
    chinese = lang == "zh"
    plain = rounded(value)
    match plain:
        case bool():
            return ("是" if plain else "否") if chinese else ("yes" if plain else "no")
        case Money(amount=amount, currency=currency):
            whole = amount == amount.to_integral_value()
            return f"{currency} {amount:,.0f}" if whole else f"{currency} {amount:,.2f}"
        case datetime():
            local = plain.astimezone(moment.zone)
            return f"{_day(local.date(), lang)} {local:%H:%M}"
        case date():
            return _day(plain, lang)
        case FileRef(name=name):
            return name
        case str() if node.type == "month" and chinese:
            return f"{plain[:4]}年{int(plain[5:])}月"
        case _:
            return str(plain)


def _named(node: Node, value: Any, deal: Deal, moment: Moment, lang: str) -> str | None:
    """The title of what a value stands for, where it has one."""
    if isinstance(node, Place | Formula) and node.type == "choice":
        title = node.field.values.get(value)
        return None if title is None else title.say(lang)
    if isinstance(node, Own) and node.name == "stage":
        at = deal.layout.stage_at.get(value)
        return None if at is None else deal.layout.stages[at].title.say(lang)
    if isinstance(node, Other) or (isinstance(node, Place) and node.type == "record" and node.where == "deal"):
        record = one(moment, node.of.id if isinstance(node, Other) else node.field.id)
        return None if record is None else record.title
    return None


def _day(day: date, lang: str) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else day.isoformat()
