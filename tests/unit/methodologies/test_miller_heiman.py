"""Miller Heiman: one objective, the four buying roles, what each wins, red flags, and support by weight."""

from __future__ import annotations

import pytest
from method_deals import asked, day, flags, overlay, prompts, scored, status

from dealwright import STAKEHOLDER_FIELDS, Stakeholder
from dealwright_miller_heiman.support import support, weight

NAMES = [field.id for field in STAKEHOLDER_FIELDS]


def person(role=None, influence=None, attitude=None, met=True):
    given = {"role": role, "influence": influence, "attitude": attitude, "last_contact": day(9) if met else None}
    return {name: value for name, value in given.items() if value is not None}


EB, USER, TECH, COACH = (person(role, 3, 3) for role in ("EB", "user", "technical", "coach"))
ALL = [EB, USER, TECH, COACH]
FULL = [{"person": f"s{n}", "buying_mode": "trouble", "personal_win": "calm", "business_result": "fewer stops",
         "reviewed_on": day(9)} for n in range(1, 5)]  # fmt: skip
OBJECTIVE = {"miller_heiman_objective": "two lines", "miller_heiman_objective_amount": 900,
             "miller_heiman_objective_date": day(30)}  # fmt: skip
OPEN, DATED = {"text": "a new board"}, {"text": "a new board", "action": "meet them", "action_on": day(25)}


def people(*rows):
    return [Stakeholder(f"s{n}", tuple(row.get(name) for name in NAMES)) for n, row in enumerate(rows, 1)]


@pytest.mark.parametrize(("influence", "degree"), [(1, 1), (2, 1), (3, 2), (4, 3), (5, 3)])
def test_influence_of_1_to_5_is_a_degree_of_low_medium_or_high(influence, degree):
    assert weight(influence) == degree


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], 0),
        ([person("EB", 5, 5)], 1),
        ([person("EB", 5, -5)], 0),
        ([person("EB", 3, 0)], 0.5),
        ([person("EB", 5, 5), person("user", 1, -5)], 0.75),  # (3 x 1 + 1 x 0) / 4
        ([person("EB", 4, 3), person("user", 3, 1), person("coach", 2, 5)], (3 * 0.8 + 2 * 0.6 + 1) / 6),
        ([person("EB", 5, 5), person("user", None, -5), person("coach", 2)], 1),  # nobody unrated counts
        ([person("EB", 5, 5), person("blocker", 5, -5)], 1),  # in no buying role
    ],
)
def test_support_is_the_rating_weighted_by_degree(rows, expected):
    assert support(people(*rows)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"stakeholders": ALL, "stakeholder_map": FULL}, 80),
        ({"stakeholders": ALL, "stakeholder_map": FULL, "miller_heiman_red_flags": [OPEN, DATED]}, 60),
        ({"stakeholders": ALL[:3], "stakeholder_map": FULL[:3]}, 70),
        ({"stakeholders": [*ALL[:3], person("coach", 3, 3, met=False)], "stakeholder_map": FULL}, 70),
        ({"stakeholders": ALL, "stakeholder_map": [*FULL[:3], {"person": "s4"}]}, 70),
        ({"stakeholders": ALL, "stakeholder_map": FULL[:3]}, 60),  # new, and so of unknown mode
        ({"stakeholders": ALL, "stakeholder_map": FULL, "miller_heiman_reorganised_on": day(10)}, 70),
        ({"stakeholders": ALL, "stakeholder_map": FULL, "miller_heiman_reorganised_on": day(8)}, 80),
        ({"stakeholders": ALL, "stakeholder_map": FULL, "miller_heiman_red_flags": [OPEN] * 9}, 0),
        ({}, 0),
    ],
)
def test_the_score_is_support_less_ten_for_each_red_flag(facts, expected):
    assert scored("miller_heiman", **facts).value == pytest.approx(expected)


def test_each_red_flag_is_a_reason():
    one = scored("miller_heiman", stakeholders=ALL, stakeholder_map=FULL, miller_heiman_red_flags=[OPEN, DATED])
    said = [reason.en for reason in one.reasons]
    assert said[:3] == [
        "Support by weight: 80 of 100", "Open red flags, 10 each: -20 of -100",
        "Red flag: a buying role is missing: 0 of -10",
    ]  # fmt: skip
    assert one.band is not None
    assert one.band.en == "Contested"
    assert overlay("miller_heiman").scale.own


@pytest.mark.parametrize(
    ("criterion", "facts", "expected"),
    [
        *[("miller_heiman_objective_set", {**OBJECTIVE, name: None}, "unmet") for name in OBJECTIVE],
        ("miller_heiman_objective_set", OBJECTIVE, "met"),
        ("miller_heiman_one_economic_buyer", {"stakeholders": [USER]}, "unmet"),
        ("miller_heiman_one_economic_buyer", {"stakeholders": [EB, EB]}, "unmet"),
        ("miller_heiman_one_economic_buyer", {"stakeholders": [EB, USER]}, "met"),
        ("miller_heiman_roles_found", {"stakeholders": ALL}, "met"),
        ("miller_heiman_roles_found", {"stakeholders": [EB, TECH, COACH]}, "unmet"),
        ("miller_heiman_roles_found", {"stakeholders": [EB, USER, COACH]}, "unmet"),
        ("miller_heiman_roles_found", {"stakeholders": [EB, USER, TECH]}, "unmet"),
        ("miller_heiman_wins", {"stakeholders": ALL, "stakeholder_map": FULL}, "met"),
        ("miller_heiman_wins", {"stakeholders": ALL, "stakeholder_map": FULL[:3]}, "unmet"),
        (
            "miller_heiman_wins",
            {"stakeholders": [EB], "stakeholder_map": [{"person": "s1", "personal_win": "x"}]},
            "unmet",
        ),
        ("miller_heiman_wins", {"stakeholders": [EB, person("influencer")], "stakeholder_map": FULL[:1]}, "met"),
        ("miller_heiman_flags_handled", {}, "met"),
        ("miller_heiman_flags_handled", {"miller_heiman_red_flags": [DATED]}, "met"),
        ("miller_heiman_flags_handled", {"miller_heiman_red_flags": [DATED, OPEN]}, "unmet"),
        ("miller_heiman_economic_buyer_for_us", {"stakeholders": [person("EB", 5, 3)]}, "met"),
        ("miller_heiman_economic_buyer_for_us", {"stakeholders": [person("EB", 5, 2), person("user", 5, 5)]}, "unmet"),
        ("miller_heiman_economic_buyer_for_us", {"stakeholders": [person("EB", 5)]}, "unmet"),
    ],
)
def test_what_a_phase_asks_is_told_from_what_is_too_little(criterion, facts, expected):
    assert status("miller_heiman", criterion, **facts) == expected


def test_the_missing_role_is_told():
    found = asked("miller_heiman", "miller_heiman_roles_found", stakeholders=[EB, USER, TECH])
    assert found is not None
    [remedy] = found.fix.remedies
    assert remedy.verb == "stakeholder add"
    assert "role=coach" in remedy.args


@pytest.mark.parametrize(
    ("flag", "phase", "up", "down"),
    [
        ("miller_heiman_role_missing", "discover", {"stakeholders": ALL[:3]}, {"stakeholders": ALL}),
        (
            "miller_heiman_mode_not_known",
            "propose",
            {"stakeholders": ALL, "stakeholder_map": FULL[:3]},
            {"stakeholders": ALL, "stakeholder_map": FULL},
        ),
        ("miller_heiman_not_met", "propose", {"stakeholders": [person("EB", met=False)]}, {"stakeholders": [EB]}),
        (
            "miller_heiman_new_face",
            "propose",
            {"stakeholders": ALL, "stakeholder_map": FULL[:3]},
            {"stakeholders": ALL, "stakeholder_map": FULL},
        ),
        (
            "miller_heiman_reshuffle",
            "close",
            {"miller_heiman_reorganised_on": day(10), "stakeholder_map": FULL},
            {"miller_heiman_reorganised_on": day(8), "stakeholder_map": FULL},
        ),
        (
            "miller_heiman_no_reason_to_buy",
            "propose",
            {"stakeholder_map": [{"person": "s1", "buying_mode": "even_keel"}]},
            {"stakeholder_map": FULL},
        ),
        (
            "miller_heiman_no_reason_to_buy",
            "propose",
            {"stakeholder_map": [{"person": "s1", "buying_mode": "overconfident"}]},
            {"stakeholder_map": FULL},
        ),
        (
            "miller_heiman_economic_buyer_cold",
            "negotiate",
            {"stakeholders": [person("EB", 5, -1)]},
            {"stakeholders": [EB]},
        ),
        (
            "miller_heiman_far_from_ideal",
            "qualify",
            {"miller_heiman_ideal_score": 39},
            {"miller_heiman_ideal_score": 40},
        ),
        ("miller_heiman_two_economic_buyers", "discover", {"stakeholders": [EB, EB]}, {"stakeholders": [EB]}),
    ],
)
def test_a_flag_is_up_while_its_reason_lasts(flag, phase, up, down):
    assert flag in flags("miller_heiman", phase, **up)
    assert flag not in flags("miller_heiman", phase, **down)


def test_prompts_ask_for_the_role_that_is_missing():
    bare = prompts("miller_heiman", "discover", stakeholders=[])
    assert "Who gives the final approval" in bare
    assert "Who is not yet met" not in bare
    assert "tells us what we do not see" in prompts("miller_heiman", "discover", stakeholders=[EB, USER, TECH])
    assert prompts("miller_heiman", "discover", stakeholders=ALL) == ""
    assert "Who is not yet met" in prompts("miller_heiman", "discover", stakeholders=[*ALL, person("user", met=False)])


def test_prompts_of_other_phases_change_with_the_deal():
    assert "In one line" in prompts("miller_heiman", "qualify")
    assert "In one line" not in prompts("miller_heiman", "qualify", **OBJECTIVE)
    assert "win personally" in prompts("miller_heiman", "propose", stakeholders=ALL)
    assert prompts("miller_heiman", "propose", stakeholders=ALL, stakeholder_map=FULL) == ""
    assert "takes this red flag down" in prompts("miller_heiman", "negotiate", miller_heiman_red_flags=[OPEN])
    assert prompts("miller_heiman", "negotiate", stakeholders=ALL) == ""
