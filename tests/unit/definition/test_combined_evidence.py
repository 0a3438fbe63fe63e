"""Of a criterion made of parts: whether it can hold without the buyer."""

from __future__ import annotations

import pytest

from dealwright.definition import read_process

PROCESS = """\
dealwright: "1"
process: evidence
version: 1.0.0
title: Evidence
roles: {{rep: {{title: Representative}}}}
fields: {{size: {{type: number}}}}
events: {{asked: {{by: buyer}}, seen: {{by: buyer}}, checked: {{by: rep}}}}
stages:
  - id: one
    title: One
    phase: qualify
    responsible: rep
    exit_criteria:
      whole:
        at_least: {at_least}
        unmet: Not yet
        of: {{{parts}}}
  - {{id: two, title: Two, phase: close, responsible: rep, wins: true,
     exit_criteria: {{bought: {{condition: event(seen)}}}}}}
outcomes: {{lost: {{status: lost, reasons: [price]}}}}
"""
PARTS = {
    "asked": "a: {condition: event(asked)}",
    "seen": "b: {condition: event(seen)}",
    "checked": "c: {condition: event(checked)}",
}


@pytest.mark.parametrize(
    ("at_least", "parts", "needs_the_buyer"),
    [
        ("all", "asked checked", True),
        ("any", "asked checked", False),
        ("any", "asked seen", True),
        ("2", "asked seen checked", True),
        ("1", "asked seen checked", False),
        ("all", "checked", False),
    ],
)
def test_parts_count_as_buyer_evidence_where_too_few_are_left_without_the_buyer(
    at_least: str, parts: str, needs_the_buyer: bool
) -> None:
    written = ", ".join(PARTS[part] for part in parts.split())
    text = PROCESS.format(at_least=at_least, parts=written)
    codes = {finding.code for finding in read_process(text.encode(), "evidence.process.yaml").findings}
    assert ("no-buyer-evidence" not in codes) is needs_the_buyer
