"""Value Selling: an issue, what it is worth, who has power, and a plan; the product of four factors."""

from __future__ import annotations

import pytest
from method_deals import asked, day, flags, overlay, prompts, scored, status

ISSUE = {"text": "orders get lost", "business_issue": "customers leave", "confirmed": True}
ONLY_US = {"text": "orders get lost", "solved_by": "one list of orders", "differentiator": "it runs without a network"}
STEP = {"step": "trial", "due_on": day(25)}
POWER = {"value_power_person": "s1"}
FACTS = {
    "pains": [ISSUE, ONLY_US], "business_value": 900, "value_personal": "a quiet weekend", **POWER,
    "value_power_met": {}, "mutual_plan": [STEP], "value_plan_confirmed": {},
}  # fmt: skip
HALF = {"pains": [ISSUE], "business_value": 900, **POWER, "mutual_plan": [STEP]}


def without(*names):
    return {name: value for name, value in FACTS.items() if name not in names}


@pytest.mark.parametrize(
    ("criterion", "facts", "expected"),
    [
        ("value_issue_confirmed", {}, "unmet"),
        ("value_issue_confirmed", {"pains": [{**ISSUE, "confirmed": None}]}, "unmet"),
        ("value_issue_confirmed", {"pains": [{**ISSUE, "business_issue": None}]}, "unmet"),
        ("value_issue_confirmed", {"pains": [ONLY_US, ISSUE]}, "met"),
        ("value_known", {}, "unmet"),
        ("value_known", {"business_value": 900}, "met"),
        ("value_differentiator_linked", {"pains": [{**ONLY_US, "differentiator": None}]}, "unmet"),
        ("value_differentiator_linked", {"pains": [ISSUE, ONLY_US]}, "met"),
        ("value_worked_out_together", {"business_value": 900}, "unmet"),
        ("value_worked_out_together", {"value_basis": "two hours a day"}, "met"),
        ("value_plan_agreed_by_power", {**POWER, "mutual_plan": [STEP]}, "unmet"),
        ("value_plan_agreed_by_power", {"mutual_plan": [STEP], "value_plan_confirmed": {}}, "unmet"),
        ("value_plan_agreed_by_power", {**POWER, "mutual_plan": [STEP], "value_plan_confirmed": {}}, "met"),
        (
            "value_plan_agreed_by_power",
            {**POWER, "mutual_plan": [STEP, {"step": "x"}], "value_plan_confirmed": {}},
            "unmet",
        ),
        ("value_no_factor_nothing", HALF, "met"),
        ("value_no_factor_nothing", {**HALF, "pains": []}, "unmet"),
        ("value_no_factor_nothing", {**HALF, "business_value": None}, "unmet"),
        ("value_no_factor_nothing", {**HALF, "value_power_person": None}, "unmet"),
        ("value_no_factor_nothing", {**HALF, "mutual_plan": []}, "unmet"),
    ],
)
def test_what_a_phase_asks_is_told_from_what_is_too_little(criterion, facts, expected):
    assert status("value", criterion, **facts) == expected


def test_a_figure_that_is_ours_alone_only_warns():
    found = asked("value", "value_worked_out_together", business_value=900)
    assert found is not None
    assert found.severity == "warn"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, 0),
        (FACTS, 100),
        (without("value_personal"), 50),
        (without("value_personal", "value_power_met"), 25),
        (HALF, 6.25),
        (without("business_value", "value_personal"), 0),
        (without("mutual_plan", "value_plan_confirmed"), 0),
        (without("pains"), 0),
    ],
)
def test_the_score_is_the_product_of_four_factors(facts, expected):
    assert scored("value", **facts).value == pytest.approx(expected)


def test_the_product_is_the_published_scale_and_says_what_each_factor_gave():
    assert overlay("value").scale.own is False
    one = scored("value", **HALF)
    assert [reason.en.rpartition(": ")[2] for reason in one.reasons] == ["0.5 of 1"] * 4
    assert one.band is not None
    assert one.band.en == "Nothing missing, much half done"
    nothing = scored("value").band
    assert nothing is not None
    assert nothing.zh == "有要素为零"


@pytest.mark.parametrize(
    ("flag", "phase", "up", "down"),
    [
        ("value_no_issue", "discover", {"pains": [ONLY_US]}, {"pains": [ONLY_US, ISSUE]}),
        ("value_no_issue", "discover", {"pains": [ONLY_US]}, {}),
        ("value_only_for_the_firm", "propose", {"business_value": 900}, FACTS),
        ("value_only_ours", "propose", {"business_value": 900}, {"business_value": 900, "value_basis": "x"}),
        ("value_no_power", "negotiate", {}, POWER),
        ("value_same_as_theirs", "propose", {"pains": [ISSUE]}, {"pains": [ONLY_US]}),
        (
            "value_plan_late",
            "close",
            {"mutual_plan": [{**STEP, "due_on": day(19)}]},
            {"mutual_plan": [{**STEP, "due_on": day(19), "outcome": "waived"}]},
        ),
        ("value_nothing_to_gain", "propose", {"business_value": 0}, {"business_value": 1}),
    ],
)
def test_a_flag_is_up_while_its_reason_lasts(flag, phase, up, down):
    assert flag in flags("value", phase, **up)
    assert flag not in flags("value", phase, **down)


def test_questions_change_with_the_deal():
    assert "goal of the business is at risk" in prompts("value", "discover")
    told = prompts("value", "discover", pains=[{**ISSUE, "confirmed": None}])
    assert "goal of the business is at risk" not in told
    assert "in so many words" in told
    confirmed = prompts("value", "discover", pains=[ISSUE])
    assert "in so many words" not in confirmed
    assert "can only we bring" in confirmed
    assert "What does the person gain" in prompts("value", "propose", business_value=900)
    assert "What does the person gain" not in prompts("value", "propose", **FACTS)
    assert prompts("value", "propose", **FACTS) == ""
    assert "before whoever has power" in prompts("value", "negotiate", mutual_plan=[STEP])
    assert "comes next" in prompts("value", "close", mutual_plan=[STEP])
    assert "comes next" not in prompts("value", "close", mutual_plan=[{**STEP, "outcome": "done"}])
