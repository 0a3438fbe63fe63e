"""Texts with `{{ EXPRESSION }}` in them: each expression is judged at its own place in the text."""

from __future__ import annotations

from collections.abc import Iterator

from dealwright.definition import values as v
from dealwright.definition.draft import Draft
from dealwright.definition.nodes import Map, Node
from dealwright.definition.problems import report
from dealwright.guards.scope import Scope
from dealwright.guards.texts import check_text


def check_texts(draft: Draft, scope: Scope) -> None:
    """Take the findings of every text that may hold expressions. Only templates may show personal values."""
    shown = {id(node) for _, template in v.entries(draft.root.get("templates")) for node in _written(template)}
    for form, node in draft.walk.forms:
        if draft.findings.full:
            return
        if form == "template" and "{{" in node.text:
            report(draft, node, check_text(node.text, scope, personal=id(node) in shown))


def _written(template: Map) -> Iterator[Node]:
    """The texts of a template, in each language that they have."""
    for key in ("subject", "body"):
        text = template.get(key)
        if isinstance(text, Map):
            yield from text.values.values()
        elif text is not None:
            yield text
