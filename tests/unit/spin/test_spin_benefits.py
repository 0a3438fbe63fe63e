"""Leaving propose, each benefit offered must answer an explicit need."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

NOW = datetime(2026, 3, 20, tzinfo=UTC)
WANTS, COMPLAINS = ("we want one list of stock", "explicit"), ("it is slow", "implied")


@pytest.fixture
def gate(plugins, process):
    def ask(deal, from_stage="propose", to="negotiate"):
        return [result for _, result in plugins.evaluate_gate(("spin",), deal, process, from_stage, to, NOW)]

    return ask


@pytest.mark.parametrize(
    ("needs", "benefits", "status", "loose"),
    [
        ([WANTS], [("one list", "1")], "met", []),
        ([COMPLAINS, WANTS], [("one list", "2"), ("one screen", "2")], "met", []),
        ([COMPLAINS, WANTS], [("fast", "1"), ("one list", "2")], "unmet", ["1"]),
        ([WANTS], [("one list", "1"), ("blue", None)], "unmet", ["2"]),
        ([WANTS], [("one list", "7")], "unmet", ["1"]),
        ([WANTS], [], "unmet", []),
        ([], [], "unmet", []),
    ],
)
def test_benefits_are_judged_by_the_explicit_needs_they_name(gate, deal_with, needs, benefits, status, loose):
    [result] = gate(deal_with(needs=needs, benefits=benefits))
    assert (result.id, result.severity, result.status) == ("spin_benefits_answer_needs", "block", status)
    assert result.found == {"benefits": len(benefits), "without_need": loose}
    assert bool(result.remedies) == (status == "unmet")


@pytest.mark.parametrize(("from_stage", "to"), [("discover", "propose"), ("negotiate", None), ("prospect", "discover")])
def test_other_moves_do_not_ask_for_benefits(gate, deal_with, from_stage, to):
    assert gate(deal_with(), from_stage, to) == []


def test_move_off_the_last_stage_leaves_its_phase_too(gate, deal_with):
    assert [result.id for result in gate(deal_with(), "propose", None)] == ["spin_benefits_answer_needs"]


def test_remedies_link_loose_benefits_to_the_latest_explicit_need(gate, deal_with):
    [result] = gate(deal_with(needs=[WANTS, COMPLAINS], benefits=[("fast", "2"), ("blue", None)]))
    assert [(r.verb, r.args) for r in result.remedies] == [
        ("deal item set", ("spin_benefits", "1", "--set", "need=1")),
        ("deal item set", ("spin_benefits", "2", "--set", "need=1")),
    ]


def test_remedies_first_record_a_need_where_none_is_explicit(gate, deal_with):
    [result] = gate(deal_with(needs=[COMPLAINS]))
    assert [(r.verb, r.args) for r in result.remedies] == [
        ("deal item add", ("spin_needs", "--set", "text=<text:text>", "--set", "kind=explicit")),
        ("deal item add", ("spin_benefits", "--set", "text=<text:text>", "--set", "need=2")),
    ]
