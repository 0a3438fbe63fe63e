"""Sandler: seven compartments in order, contracts and verdicts, and three reasons to let a deal go."""

from __future__ import annotations

import pytest
from method_deals import asked, day, flags, overlay, prompts, scored, status

MEETING = {"purpose": "p", "minutes": 30, "agenda_theirs": "a", "agenda_ours": "b", "outcome_options": "yes or no",
           "held_on": day(2), "verdict": "yes", "closing_contract": "c"}  # fmt: skip
HELD, PLANNED = {"held_on": day(2)}, {"purpose": "planned"}
PERSONAL, SURFACE = {"text": "overtime", "depth": "personal"}, {"text": "slow", "depth": "surface"}
ANSWERED = {**PERSONAL, "proposal_answer": "shifts planned ahead"}
BUDGET = {
    "budget": 900,
    "sandler_budget_time": "a day a week",
    "sandler_budget_people": "two",
    "sandler_budget_agreed": True,
}
DECISION = {"decision_process": "board", "sandler_decision_who": "s1", "sandler_decision_when": day(30),
            "sandler_decision_why": "year end", "sandler_decision_criteria": "uptime"}  # fmt: skip
CLOSED = ("rapport_on", "contract_on", "pain_on", "budget_on", "decision_on", "fulfilment_on", "post_sell_on")
POST_SELL = {"doubts": "none", "counter_offer": "stay", "next_steps": "kick-off"}


def closed(*days):
    """Compartments closed on these days of a month, 0 for one that is open."""
    dates = {name: day(number) if number else None for name, number in zip(CLOSED, days, strict=False)}
    return {"sandler_submarine": dates}


@pytest.mark.parametrize(
    ("criterion", "facts", "expected"),
    [
        ("sandler_contracts", {"sandler_meeting": [MEETING, MEETING]}, "met"),
        ("sandler_contracts", {"sandler_meeting": [MEETING, {**MEETING, "agenda_theirs": None}]}, "unmet"),
        ("sandler_contracts", {"sandler_meeting": [MEETING, {**MEETING, "closing_contract": None}]}, "unmet"),
        ("sandler_contracts", {"sandler_meeting": [MEETING, PLANNED]}, "met"),
        ("sandler_contracts", {}, "unknown"),
        ("sandler_verdicts", {"sandler_meeting": [MEETING]}, "met"),
        ("sandler_verdicts", {"sandler_meeting": [{**MEETING, "verdict": "no"}]}, "met"),
        ("sandler_verdicts", {"sandler_meeting": [{**MEETING, "verdict": None}]}, "unmet"),
        ("sandler_verdicts", {"sandler_meeting": [{**MEETING, "verdict": "clear_future"}]}, "unmet"),
        ("sandler_verdicts", {"sandler_meeting": [{**MEETING, "verdict": "clear_future", "next_on": day(9)}]}, "met"),
        ("sandler_pain", {"pains": [SURFACE, SURFACE]}, "unmet"),
        ("sandler_pain", {"pains": [SURFACE, PERSONAL]}, "met"),
        ("sandler_several_pains", {"pains": [SURFACE, PERSONAL]}, "unmet"),
        ("sandler_several_pains", {"pains": [SURFACE, PERSONAL, SURFACE]}, "met"),
        ("sandler_budget", {}, "unmet"),
        ("sandler_budget", {**BUDGET, "sandler_budget_people": None}, "unmet"),
        ("sandler_budget", {**BUDGET, "sandler_budget_agreed": False}, "unmet"),
        ("sandler_budget", BUDGET, "met"),
        *[("sandler_decision", {**DECISION, name: None}, "unmet") for name in DECISION],
        ("sandler_decision", DECISION, "met"),
        ("sandler_qualified_first", {}, "unmet"),
        ("sandler_qualified_first", closed(1, 1, 2, 3, 3), "met"),
        ("sandler_qualified_first", closed(1, 1, 3, 2, 4), "unmet"),
        ("sandler_qualified_first", closed(0, 1, 2, 3, 3), "unmet"),
        ("sandler_answers_pains", {"pains": [SURFACE]}, "unmet"),
        ("sandler_answers_pains", {"pains": [PERSONAL, {**SURFACE, "proposal_answer": "x"}]}, "unmet"),
        ("sandler_answers_pains", {"pains": [ANSWERED, SURFACE]}, "met"),
        ("sandler_post_sell", {}, "unmet"),
        ("sandler_post_sell", {"sandler_post_sell_done": POST_SELL}, "met"),
    ],
)
def test_what_a_phase_asks_is_told_from_what_is_too_little(criterion, facts, expected):
    assert status("sandler", criterion, **facts) == expected


def test_fewer_than_three_pains_only_warn():
    found = asked("sandler", "sandler_several_pains", pains=[PERSONAL])
    assert found is not None
    assert found.severity == "warn"


def test_thinking_it_over_is_no_verdict_that_could_be_recorded():
    [meeting] = [kind for kind in overlay("sandler").artifacts if kind.id == "sandler_meeting"]
    [verdict] = [field for field in meeting.fields if field.id == "verdict"]
    assert list(verdict.values) == ["yes", "no", "clear_future"]


@pytest.mark.parametrize(
    ("facts", "compartments"),
    [
        ({}, 0),
        (closed(1), 1),
        (closed(1, 1, 2), 3),
        (closed(1, 2, 3, 4, 5, 6, 7), 7),
        (closed(1, 2, 2, 2, 2, 2, 2), 7),
        (closed(1, 2, 5, 4, 6, 7, 8), 3),  # budget before pain: nothing from there on counts
        (closed(0, 2, 3, 4, 5, 6, 7), 0),
        (closed(1, 2, 0, 4, 5, 6, 7), 2),
    ],
)
def test_the_score_is_the_share_of_compartments_closed_in_order(facts, compartments):
    assert scored("sandler", **facts).value == pytest.approx(100 * compartments / 7, abs=0.03)


@pytest.mark.parametrize(
    ("flag", "phase", "up", "down", "advise"),
    [
        (
            "sandler_no_pain",
            "discover",
            {"sandler_meeting": [HELD, HELD]},
            {"sandler_meeting": [HELD, PLANNED]},
            "disqualify",
        ),
        (
            "sandler_no_pain",
            "discover",
            {"sandler_meeting": [HELD, HELD]},
            {"sandler_meeting": [HELD, HELD], "pains": [SURFACE]},
            "disqualify",
        ),
        (
            "sandler_no_budget",
            "discover",
            {"sandler_budget_agreed": False},
            {"sandler_budget_agreed": True},
            "disqualify",
        ),
        (
            "sandler_out_of_reach",
            "discover",
            {"sandler_decision_reachable": False},
            {"sandler_decision_reachable": True},
            "disqualify",
        ),
        (
            "sandler_think_it_over",
            "qualify",
            {"sandler_meeting": [MEETING, HELD]},
            {"sandler_meeting": [MEETING]},
            "hold",
        ),
        (
            "sandler_said_no",
            "propose",
            {"sandler_meeting": [{**MEETING, "verdict": "no"}]},
            {"sandler_meeting": [MEETING]},
            "",
        ),
        ("sandler_out_of_turn_early", "discover", closed(1, 2, 0, 4), closed(1, 2, 3, 4), "regress"),
        ("sandler_out_of_turn_early", "discover", closed(2, 1), closed(1, 1), "regress"),
        ("sandler_out_of_turn_late", "propose", closed(1, 2, 3, 4, 0, 6), closed(1, 2, 3, 4, 5, 6), "regress"),
        ("sandler_closed_on_paper", "discover", closed(1, 2, 3), {**closed(1, 2, 3), "pains": [PERSONAL]}, ""),
        (
            "sandler_closed_on_paper",
            "discover",
            {**closed(1, 2, 3, 4), "pains": [PERSONAL]},
            {**closed(1, 2, 3, 4), "pains": [PERSONAL], **BUDGET},
            "",
        ),
    ],
)
def test_a_flag_is_up_while_its_reason_lasts(flag, phase, up, down, advise):
    assert flag in flags("sandler", phase, **up)
    assert flag not in flags("sandler", phase, **down)
    assert flag not in flags("sandler", phase)
    assert {f.id: f.advise for f in overlay("sandler").flags}[flag] == advise


def test_the_pain_funnel_goes_from_the_surface_to_the_person():
    first = prompts("sandler", "discover")
    assert "Can you give an example" in first
    assert "How do you feel" not in first
    assert "set aside" not in first
    told = prompts("sandler", "discover", pains=[SURFACE])
    assert "what have you tried" in told
    costed = prompts("sandler", "discover", pains=[{"text": "slow", "depth": "business"}])
    assert "cost you by now" in costed
    assert "what have you tried" not in costed
    felt = prompts("sandler", "discover", pains=[PERSONAL])
    assert "How do you feel" not in felt
    assert "set aside" in felt


def test_prompts_of_other_phases_change_with_the_deal():
    assert "Before the first meeting" in prompts("sandler", "prospect")
    assert "Before the first meeting" not in prompts("sandler", "prospect", sandler_meeting=[PLANNED])
    assert "ended in the open" in prompts("sandler", "qualify", sandler_meeting=[HELD])
    assert "ended in the open" not in prompts("sandler", "qualify", sandler_meeting=[MEETING])
    assert "from nought to ten" in prompts("sandler", "propose", pains=[ANSWERED])
    assert "back out now" in prompts("sandler", "close")
    assert prompts("sandler", "close", sandler_post_sell_done=POST_SELL) == ""
