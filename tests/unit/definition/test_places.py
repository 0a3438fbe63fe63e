"""A finding inside of an expression stands at its own character, however the text was written."""

from __future__ import annotations

import pytest

from dealwright.definition import read_process
from examples import EXAMPLES

WAYS = {
    "plain": "condition: has(fit) and «fitt» == 1",
    "quoted": 'condition: "has(fit) and «fitt» == 1"',
    "single quotes": "condition: 'has(fit) and «fitt» == 1'",
    "escaped quotes": 'condition: "fit == \\"yes\\" and «fitt» == 1"',
    "doubled quotes": "condition: 'fit in [''yes''] and «fitt» == 1'",
    "unicode escapes": 'condition: "fit == \\"\\u4f60\\U00004f60\\x41\\t\\" and «fitt» == 1"',
    "beyond ascii": 'condition: fit == "你好😀" and «fitt» == 1',
    "plain on two lines": "condition: has(fit)\n          and «fitt» == 1",
    "quoted on three lines": 'condition: "has(fit)\n\n          and\n          «fitt» == 1"',
    "joined lines": 'condition: "has(fit) \\\n          and «fitt» == 1"',
    "folded": "condition: >-\n          has(fit)\n          and «fitt» == 1",
    "folded with a comment": "condition: > # why\n\n          has(fit)\n            and «fitt» == 1",
    "literal": "condition: |\n          has(fit) and «fitt» == 1",
    "aliased": "condition: &fits has(fit) and «fitt» == 1\n        if: has(fit)",
    "in braces": "condition: {}".replace("{}", '"count(pains, «fitt» == 1) > 0"'),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_unknown_name_is_found_at_its_character(way: str) -> None:
    base = (EXAMPLES / "valid" / "handbook.process.yaml").read_text(encoding="utf-8")
    text = base.replace("condition: event(meeting_accepted)", WAYS[way])
    before = text[: text.index("«")]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    found = read_process(text.replace("«", "").replace("»", "").encode(), "f").findings
    wrong = [(f.line, f.column) for f in found if f.code == "guard-unknown-name"]
    assert wrong == [(line, column)]


def test_columns_count_characters_not_bytes() -> None:
    data = "title: {en: a, zh: 😀你好, xx: b}".encode()
    (finding,) = [f for f in read_process(data, "f").findings if f.code == "unknown-key"]
    assert (finding.line, finding.column) == (1, 25)


def test_all_findings_of_a_file_come_in_one_run_in_order() -> None:
    base = (EXAMPLES / "valid" / "handbook.process.yaml").read_text(encoding="utf-8")
    text = (
        base.replace("currency: CNY", "currency: yuan")
        .replace("responsible: [sales_rep]\n    probability", "responsible: [salesrep]\n    probability")
        .replace("event(meeting_accepted)", "event(meeting_acepted)")
        .replace("requires: [needs_record]", "requires: [need_record]")
        .replace("to: needs}", "to: need}")
        .replace("reason: no_fit", "reason: nofit")
        .replace("sla: 10d", "sla: ten days")
        .replace("from: [qualify]", "from: [qualfy]")
    )
    found = read_process(text.encode(), "f").findings
    assert [f.code for f in found if f.severity == "error"] == [
        "bad-value", "undeclared-role", "bad-duration", "undeclared-event", "undeclared-stage", "undeclared-reason",
        "undeclared-artifact", "undeclared-stage",
    ]  # fmt: skip
    assert [f.hint.en for f in found if f.hint and f.code.startswith("undeclared-stage")] == [
        "did you mean needs?", "did you mean qualify?",
    ]  # fmt: skip
    assert [(f.line, f.column) for f in found] == sorted((f.line, f.column) for f in found)
