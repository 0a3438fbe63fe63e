"""Texts with `{{ EXPRESSION }}` in them: each expression gives a value, checked at its own place in the text."""

from __future__ import annotations

from collections.abc import Iterator

from dealwright.definition.draft import Draft
from dealwright.definition.problems import report
from dealwright.guards.checker import checked
from dealwright.guards.problem import Problem
from dealwright.guards.scope import Scope


def check_texts(draft: Draft, scope: Scope) -> None:
    """Take the findings of every text that may hold expressions."""
    for form, node in draft.walk.forms:
        if draft.findings.full:
            return
        if form != "template":
            continue
        for start, source in braces(node.text):
            if source is None:
                en, zh = "`{{` has no `}}` behind it", "`{{` 之后没有 `}}`"
                report(draft, node, [Problem("guard-syntax", start, 2, en, zh)])
                continue
            problems = checked(source, scope, "value")[1]
            # People who write to the buyer see personal values; only the log must not hold them.
            report(draft, node, [problem for problem in problems if problem.code != "guard-personal"], start)


def braces(text: str) -> Iterator[tuple[int, str | None]]:
    """(offset, source) of each expression in a text; for a `{{` that nothing closes, its offset and None."""
    at = text.find("{{")
    while at >= 0:
        end = text.find("}}", at + 2)
        if end < 0:
            yield at, None
            return
        yield at + 2, text[at + 2 : end]
        at = text.find("{{", end + 2)
