"""Texts with `{{ EXPRESSION }}` in them, told with a deal's own values."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from dealwright.engine.program import Program
from dealwright.guards.moment import Moment
from dealwright.model.deal import Deal, Ref
from dealwright.model.money import Money
from dealwright.model.text import Text

_HOLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_UNKNOWN = "?"


def render(program: Program, text: Text, deal: Deal, moment: Moment) -> Text:
    """The text in both languages. What is unknown or personal reads as `?`: it may be kept in the log."""
    if "{{" not in text.en and "{{" not in text.zh:
        return text
    return Text(*(_filled(program, one, lang, deal, moment) for one, lang in ((text.en, "en"), (text.zh, "zh"))))


def _filled(program: Program, text: str, lang: str, deal: Deal, moment: Moment) -> str:
    def value(match: re.Match[str]) -> str:
        source = match.group(1).strip()
        found = program.guard(source, "value").value(deal, _fresh(program, deal), moment)
        return _word(program, source, found, lang, moment)

    return _HOLE.sub(value, text)


def _fresh(program: Program, deal: Deal) -> int:
    return deal.fresh_from(program.layout.stage_at[deal.stage]) if deal.stage else 0


def _word(program: Program, source: str, value: Any, lang: str, moment: Moment) -> str:
    if value is None or isinstance(value, Ref):
        return _UNKNOWN
    if isinstance(value, bool):
        return {"en": ("no", "yes"), "zh": ("否", "是")}[lang][value]
    if isinstance(value, Money):
        whole = value.amount == value.amount.to_integral_value()
        return f"{value.currency} {value.amount:,.0f}" if whole else f"{value.currency} {value.amount:,.2f}"
    if isinstance(value, date):
        return moment.day_of(value).isoformat() if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, tuple | list):
        return str(len(value))
    at = program.layout.field_at.get(source)
    title = program.layout.fields[at].values.get(value) if at is not None and isinstance(value, str) else None
    return title.say(lang) if title else str(value)
