"""Texts with `{{ EXPRESSION }}` in them, told with a deal's own values."""

from __future__ import annotations

from dealwright.engine.program import Program
from dealwright.guards.moment import Moment
from dealwright.model.deal import Deal
from dealwright.model.text import Text


def render(program: Program, text: Text, deal: Deal, moment: Moment) -> Text:
    """The text in both languages. What is unknown or personal reads as `____`: it may be kept in the log."""
    if "{{" not in text.en and "{{" not in text.zh:
        return text
    from dealwright.guards import compile_text  # few texts have expressions

    fresh = deal.fresh_from(program.layout.stage_at[deal.stage]) if deal.stage else 0
    en, zh = (compile_text(one, program.scope, personal=True) for one in (text.en, text.zh))
    return Text(en.fill(deal, fresh, moment, "en"), zh.fill(deal, fresh, moment, "zh"))
