"""Texts with `{{ EXPRESSION }}` in them: each expression gives a value, checked at its own place in the text."""

from __future__ import annotations

from dealwright.definition.draft import Draft
from dealwright.definition.problems import report
from dealwright.guards.scope import Scope
from dealwright.guards.texts import check_text


def check_texts(draft: Draft, scope: Scope) -> None:
    """Take the findings of every text that may hold expressions.

    People who write to the buyer see personal values; only the log must not hold them.
    """
    for form, node in draft.walk.forms:
        if draft.findings.full:
            return
        if form == "template" and "{{" in node.text:
            report(draft, node, check_text(node.text, scope, personal=True))
