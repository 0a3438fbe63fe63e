"""Challenger: an insight, six steps of which our solution is the last, mobilizers, tailored outcomes, control."""

from __future__ import annotations

import pytest
from method_deals import asked, day, flags, prompts, scored, status

STEPS = {"warmer_on": day(1), "reframe_on": day(2), "drowning_on": day(3), "impact_on": day(3), "new_way_on": day(5),
         "solution_on": day(6)}  # fmt: skip
TEACHER = {"person": "s1", "mobilizer_profile": "teacher", "tailored_outcome": "fewer stock-outs"}
FRIEND = {"person": "s2", "mobilizer_profile": "friend"}
HEAVY, LIGHT = {"influence": 4}, {"influence": 2}


def steps(**changed):
    return {"challenger_choreography": {**STEPS, **changed}}


@pytest.mark.parametrize(
    ("criterion", "facts", "expected"),
    [
        ("challenger_insight", {"challenger_claim": "stock costs more than it earns"}, "unmet"),
        ("challenger_insight", {"challenger_claim": "x", "challenger_evidence": "a study"}, "met"),
        ("challenger_taught", steps(impact_on=None), "unmet"),
        ("challenger_taught", {}, "unmet"),
        ("challenger_taught", steps(), "met"),
        ("challenger_moved", steps(reframe_reaction="agreeing"), "unmet"),
        ("challenger_moved", steps(), "unknown"),
        ("challenger_moved", steps(reframe_reaction="surprised"), "met"),
        ("challenger_moved", steps(reframe_reaction="reconsidering"), "met"),
        ("challenger_order", {}, "met"),
        ("challenger_order", steps(), "met"),
        ("challenger_order", steps(solution_on=None), "met"),
        ("challenger_order", steps(solution_on=day(3)), "met"),
        ("challenger_order", steps(solution_on=day(2)), "unmet"),
        ("challenger_order", steps(impact_on=None), "unmet"),
        ("challenger_presented", {}, "unmet"),
        ("challenger_presented", steps(new_way_on=None), "unmet"),
        ("challenger_presented", steps(impact_on=None), "unmet"),
        ("challenger_presented", steps(solution_on=day(2)), "unmet"),
        ("challenger_presented", steps(), "met"),
        ("challenger_mobilizer", {}, "unmet"),
        ("challenger_mobilizer", {"stakeholder_map": [FRIEND]}, "unmet"),
        ("challenger_mobilizer", {"stakeholder_map": [FRIEND, TEACHER]}, "met"),
        ("challenger_tailored", {"stakeholder_map": [TEACHER], "stakeholders": [HEAVY, LIGHT]}, "met"),
        ("challenger_tailored", {"stakeholder_map": [TEACHER], "stakeholders": [HEAVY, HEAVY]}, "unmet"),
        ("challenger_tailored", {"stakeholders": [HEAVY]}, "unmet"),
        ("challenger_tailored", {}, "unknown"),
        ("challenger_control", {}, "spared"),
        ("challenger_control", {"challenger_concession": {"given": "5 per cent"}}, "unmet"),
        ("challenger_control", {"challenger_concession": {}, "challenger_concession_plan": "price for term"}, "met"),
    ],
)
def test_what_a_phase_asks_is_told_from_what_is_too_little(criterion, facts, expected):
    assert status("challenger", criterion, **facts) == expected


def test_the_person_without_an_outcome_is_named_and_a_place_on_the_map_offered():
    found = asked("challenger", "challenger_tailored", stakeholder_map=[TEACHER], stakeholders=[HEAVY, HEAVY])
    assert found is not None
    assert [entry["id"] for entry in found.found["failing"]] == ["s2"]
    [remedy] = found.fix.remedies
    assert (remedy.verb, remedy.args[0]) == ("deal item add", "stakeholder_map")
    assert "person=s2" in remedy.args


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, 0),
        ({"challenger_unique": True}, 20),
        (steps(), 40),
        (steps(impact_on=day(7), new_way_on=day(7), solution_on=day(7)), 40),
        (steps(drowning_on=day(1)), 13.34),  # two in their turn; nothing behind the third counts
        (steps(warmer_on=None), 0),
        ({"stakeholder_map": [TEACHER, FRIEND], "stakeholders": [HEAVY, HEAVY, LIGHT]}, 30),
        ({"challenger_unique": True, **steps(), "stakeholder_map": [TEACHER], "stakeholders": [HEAVY]}, 100),
    ],
)
def test_the_score_is_insight_and_steps_and_people(facts, expected):
    assert scored("challenger", **facts).value == pytest.approx(expected)


def test_the_score_tells_its_reasons_and_its_band():
    one = scored("challenger", challenger_unique=True, **steps())
    assert one.reasons[0].en == "Only we can deliver the insight: 20 of 20"
    assert one.reasons[-1].zh.endswith("（尚不清楚）")  # nobody of weight is known, so no share of them
    assert one.band is not None
    assert one.band.en == "Teaching"


@pytest.mark.parametrize(
    ("flag", "phase", "up", "down"),
    [
        ("challenger_no_news", "discover", steps(reframe_reaction="unmoved"), steps(reframe_reaction="surprised")),
        ("challenger_pitched_too_soon", "discover", steps(solution_on=day(1)), steps()),
        ("challenger_only_talkers", "propose", {"stakeholder_map": [FRIEND]}, {"stakeholder_map": [FRIEND, TEACHER]}),
        ("challenger_not_unique", "prospect", {"challenger_unique": False}, {"challenger_unique": True}),
        ("challenger_gave_for_nothing", "negotiate", {"challenger_concession": {"given": "5 per cent"}},
         {"challenger_concession": {"given": "5 per cent", "received": "two years"}}),
        ("challenger_cannot_move", "propose", {"stakeholder_map": [{"person": "s1", "mobilizer_profile": "blocker"}]},
         {"stakeholder_map": [TEACHER]}),
    ],
)  # fmt: skip
def test_a_flag_is_up_while_its_reason_lasts(flag, phase, up, down):
    assert flag in flags("challenger", phase, **up)
    assert flag not in flags("challenger", phase, **down)
    assert flag not in flags("challenger", phase)


def test_prompts_go_from_the_insight_to_what_would_prove_it():
    bare = prompts("challenger", "prospect")
    assert "Which view of their own business" in bare
    assert "doubts it" not in bare
    claimed = prompts("challenger", "prospect", challenger_claim="stock costs more than it earns")
    assert "Which view of their own business" not in claimed
    assert "doubts it" in claimed
    proven = {
        "challenger_claim": "x",
        "challenger_evidence": "y",
        "challenger_leads_to": "z",
        "challenger_unique": True,
    }
    assert prompts("challenger", "prospect", **proven) == ""


def test_prompts_follow_the_six_steps():
    assert "firms like theirs" in prompts("challenger", "discover")
    reframing = prompts("challenger", "discover", challenger_choreography={"warmer_on": day(1)})
    assert "Put the insight to them" in reframing
    assert "firms like theirs" not in reframing
    nodded = prompts("challenger", "discover", **steps(reframe_reaction="agreeing"))
    assert "They nodded" in nodded
    assert "They nodded" not in prompts("challenger", "discover", **steps(reframe_reaction="surprised"))
    assert "argues with us" in prompts("challenger", "propose")
    assert "not in the room" in prompts("challenger", "propose", stakeholder_map=[TEACHER])
    assert "before any number" in prompts("challenger", "negotiate").lower()
