"""Inbound: consent before contact, eight elements, a goal with a date, and a lead score that fades."""

from __future__ import annotations

from datetime import date

import pytest
from method_deals import AT, asked, day, flags, prompts, scored, status

from dealwright import Confirmation, Item
from dealwright_inbound.lead_points import lead_points

AGREED = Confirmation("s1", AT, 4)
GOAL = {"goal": "fewer returns", "metric": "returns", "target": "2 %", "due_on": day(30)}
EXPLORED = {"inbound_goals": [GOAL], "inbound_plans": "a new label", "pains": [{"text": "labels come off"}],
            "inbound_timeline": day(25)}  # fmt: skip
EIGHT = {**EXPLORED, "budget": 900, "inbound_authority": "s1", "inbound_consequences": "a customer leaves",
         "inbound_implications": "a second line"}  # fmt: skip
SHOWN = {"goal": "fewer returns", "goal_due_on": day(30)}
VISIT, PRICES = {"kind": "visit", "touched_on": day(19)}, {"kind": "prices", "touched_on": day(19)}
CONTACT = {"made_for_them": "their own figures"}


@pytest.mark.parametrize(
    ("criterion", "facts", "expected"),
    [
        ("inbound_consent", {}, "unmet"),
        ("inbound_consent", {"inbound_opt_in": AGREED}, "met"),
        ("inbound_came_by_content", {}, "unmet"),
        ("inbound_came_by_content", {"inbound_content_touches": [VISIT]}, "met"),
        ("inbound_consent_before_contact", {"inbound_content_touches": [VISIT]}, "unmet"),
        ("inbound_consent_before_contact", {"inbound_opt_in": AGREED}, "met"),
        ("inbound_answered", {"inbound_contacted": CONTACT}, "unmet"),
        ("inbound_answered", {"inbound_replied": {}}, "unmet"),
        ("inbound_answered", {"inbound_contacted": CONTACT, "inbound_replied": {}}, "met"),
        ("inbound_goal_set", {"inbound_goals": [{**GOAL, "target": None}]}, "unmet"),
        ("inbound_goal_set", {"inbound_goals": [{**GOAL, "due_on": None}]}, "unmet"),
        ("inbound_goal_set", EXPLORED, "met"),
        ("inbound_plan_told", {}, "unmet"),
        ("inbound_plan_told", EXPLORED, "met"),
        ("inbound_challenge_told", {}, "unmet"),
        ("inbound_challenge_told", EXPLORED, "met"),
        ("inbound_timeline_told", {}, "unmet"),
        ("inbound_timeline_told", EXPLORED, "met"),
        *[("inbound_eight_told", {other: EIGHT[other] for other in EIGHT if other != name}, "unmet") for name in EIGHT],
        ("inbound_eight_told", EIGHT, "met"),
        ("inbound_goal_restated", EXPLORED, "unmet"),
        ("inbound_goal_restated", {**EXPLORED, "inbound_presentation": SHOWN}, "met"),
        ("inbound_goal_restated", {**EXPLORED, "inbound_presentation": {**SHOWN, "goal_due_on": day(29)}}, "unmet"),
        ("inbound_goal_restated", {**EXPLORED, "inbound_presentation": {**SHOWN, "goal": None}}, "unmet"),
        ("inbound_goal_looked_back", EXPLORED, "unmet"),
        ("inbound_goal_looked_back", {"inbound_goals": [{**GOAL, "result": "3 %"}]}, "met"),
    ],
)
def test_what_a_phase_asks_is_told_from_what_is_too_little(criterion, facts, expected):
    assert status("inbound", criterion, **facts) == expected


def test_consent_is_the_buyers_word_and_asked_of_somebody_named():
    found = asked("inbound", "inbound_consent")
    assert found is not None
    assert (found.evidence, found.severity) == ("buyer", "block")
    assert [remedy.verb for remedy in found.fix.remedies] == ["stakeholder add", "deal set"]
    assert found.fix.remedies[-1].args == ("--set", "inbound_opt_in=<inbound_opt_in:stakeholder>")


@pytest.mark.parametrize(("known", "expected"), [(0, 0), (1, 12.5), (4, 50), (7, 87.5), (8, 100)])
def test_the_score_is_the_share_of_the_eight_elements(known, expected):
    one = scored("inbound", **dict(list(EIGHT.items())[:known]))
    assert (one.value, one.raw, one.most) == (expected, known, 8)


def test_a_goal_without_a_number_is_no_element():
    assert scored("inbound", inbound_goals=[{"goal": "grow"}]).value == 0


def touch(kind, on=None):
    return Item("1", (kind, None, on))


@pytest.mark.parametrize(
    ("fit", "touches", "expected"),
    [
        (0, [], 0),
        (40, [], 40),
        (40, [touch("visit", date(2026, 3, 20))], 42),
        (40, [touch("visit"), touch("prices")], 62),
        (50, [touch("trial", date(2026, 3, 20))] * 9, 100),
        (40, [touch("prices", date(2026, 2, 19))], 60),  # 29 days
        (40, [touch("prices", date(2026, 2, 18))], 30),  # 30 days: halved
        (40, [touch("prices", date(2026, 1, 19))], 15),  # 60 days: halved twice
        (40, [touch("prices", date(2026, 1, 19)), touch("visit", date(2026, 3, 1))], 62),  # awake again
        (40, [touch("prices", date(2026, 4, 19))], 60),
    ],
)
def test_the_lead_score_is_halved_for_every_thirty_idle_days(fit, touches, expected):
    assert lead_points(fit, touches, date(2026, 3, 20)) == expected


@pytest.mark.parametrize(
    ("flag", "phase", "up", "down"),
    [
        ("inbound_no_consent", "qualify", {}, {"inbound_opt_in": AGREED}),
        (
            "inbound_contacted_unasked",
            "qualify",
            {"inbound_contacted": CONTACT},
            {"inbound_contacted": CONTACT, "inbound_opt_in": AGREED},
        ),
        (
            "inbound_gone_cold",
            "prospect",
            {"inbound_fit": 10, "inbound_content_touches": [VISIT]},
            {"inbound_fit": 10, "inbound_content_touches": [PRICES]},
        ),
        ("inbound_gone_cold", "prospect", {"inbound_fit": 10}, {}),
        ("inbound_ahead_of_buyer", "propose", {"inbound_journey": "awareness"}, {"inbound_journey": "decision"}),
        (
            "inbound_goal_has_passed",
            "discover",
            {"inbound_goals": [{**GOAL, "due_on": day(19)}]},
            {"inbound_goals": [{**GOAL, "due_on": day(19), "result": "3 %"}, GOAL]},
        ),
        ("inbound_begins_too_late", "discover", {**EXPLORED, "inbound_timeline": day(31)}, EXPLORED),
        ("inbound_nothing_to_gain", "discover", {"inbound_plans": "a new label"}, EXPLORED),
    ],
)
def test_a_flag_is_up_while_its_reason_lasts(flag, phase, up, down):
    assert flag in flags("inbound", phase, **up)
    assert flag not in flags("inbound", phase, **down)


def test_questions_go_from_interest_to_consent_to_the_call():
    assert "search for tonight" in prompts("inbound", "prospect")
    seen = prompts("inbound", "prospect", inbound_content_touches=[PRICES])
    assert "without leaving a name" in seen
    assert "search for tonight" not in seen
    warm = {"inbound_content_touches": [PRICES], "inbound_opt_in": AGREED}
    assert "Write today" in prompts("inbound", "prospect", **warm, inbound_fit=40)
    assert "Write today" not in prompts("inbound", "prospect", **warm, inbound_fit=20)
    assert "No reply yet" in prompts("inbound", "qualify", inbound_contacted=CONTACT)
    assert "No reply yet" not in prompts("inbound", "qualify", inbound_contacted=CONTACT, inbound_replied={})


def test_questions_follow_goal_plan_challenge_and_timeline():
    assert prompts("inbound", "discover") == "Which goal, which number, by which date?"
    assert "cannot be missed" in prompts("inbound", "discover", inbound_goals=[{"goal": "grow"}])
    planned = prompts("inbound", "discover", inbound_goals=[GOAL], inbound_plans="a new label")
    assert "What stands between" in planned
    assert "cannot be missed" not in planned
    assert prompts("inbound", "discover", **EXPLORED) == ""
    asked_late = prompts("inbound", "propose", **EXPLORED)
    assert "And if it works" in asked_late
    assert prompts("inbound", "propose", **EIGHT, inbound_presentation=SHOWN) == ""
    assert "Did they reach" in prompts("inbound", "retain", inbound_goals=[GOAL])
    assert "Which one follows" in prompts("inbound", "retain", inbound_goals=[{**GOAL, "result": "3 %"}])
