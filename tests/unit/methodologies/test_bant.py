"""BANT: four ratings of 0 to 4, the published bands, both gates, and flags that doubt a rating."""

from __future__ import annotations

import pytest
from method_deals import asked, day, flags, overlay, prompts, scored, status


def rated(*ratings):
    names = ("bant_budget", "bant_authority", "bant_need", "bant_timeline")
    return {name: rating for name, rating in zip(names, ratings, strict=True) if rating is not None}


@pytest.mark.parametrize(
    ("criterion", "facts", "expected"),
    [
        ("bant_sum_reached", rated(2, 2, 2, 2), "unmet"),
        ("bant_sum_reached", rated(3, 2, 2, 2), "met"),
        ("bant_sum_reached", rated(4, 4, 1, 0), "met"),  # the sum alone does not see the missing need
        ("bant_sum_reached", rated(4, 4, 4, None), "unknown"),
        ("bant_need_floor", rated(4, 4, 1, 4), "unmet"),
        ("bant_need_floor", rated(0, 0, 2, 0), "met"),
        ("bant_need_floor", {}, "unknown"),
        ("bant_floors", rated(1, 1, 4, 1), "met"),
        ("bant_floors", rated(4, 0, 4, 4), "unmet"),
        ("bant_floors", rated(4, None, 4, 4), "unknown"),
    ],
)
def test_both_gates_are_asked_where_qualifying_ends(criterion, facts, expected):
    assert status("bant", criterion, **facts) == expected


def test_the_sum_and_the_need_block_and_the_other_floors_warn():
    severities = {name: asked("bant", name, **rated(0, 0, 0, 0)).severity for name in
                  ("bant_sum_reached", "bant_need_floor", "bant_floors")}  # fmt: skip
    assert severities == {"bant_sum_reached": "block", "bant_need_floor": "block", "bant_floors": "warn"}


def test_what_is_not_rated_is_asked_for():
    found = asked("bant", "bant_sum_reached", **rated(4, None, 4, None))
    assert found is not None
    assert [remedy.args for remedy in found.fix.remedies] == [
        ("--set", "bant_authority=<bant_authority:number>"),
        ("--set", "bant_timeline=<bant_timeline:number>"),
    ]


@pytest.mark.parametrize(
    ("ratings", "raw", "band"),
    [
        ((0, 0, 0, 0), 0, "Unqualified"),
        ((1, 1, 1, 1), 4, "Unqualified"),
        ((1, 1, 2, 1), 5, "Nurture"),
        ((2, 2, 2, 2), 8, "Nurture"),
        ((3, 2, 2, 2), 9, "Follow up"),
        ((3, 3, 3, 3), 12, "Follow up"),
        ((4, 3, 3, 3), 13, "At once"),
        ((4, 4, 4, 4), 16, "At once"),
    ],
)
def test_the_published_bands(ratings, raw, band):
    one = scored("bant", **rated(*ratings))
    assert (one.raw, one.most) == (raw, 16)
    assert one.value == pytest.approx(100 * raw / 16)
    assert one.band is not None
    assert one.band.en == band


def test_an_element_that_nobody_rated_counts_nothing_and_says_so():
    one = scored("bant", **rated(4, 4, 4, None))
    assert one.raw == 12
    assert one.reasons[-1].en == "Timeline: 0 of 4 (not known yet)"
    assert not overlay("bant").scale.own


@pytest.mark.parametrize(
    ("flag", "up", "down"),
    [
        ("bant_unqualified", rated(1, 1, 1, 1), rated(1, 1, 2, 1)),
        ("bant_nurture", rated(2, 2, 2, 2), rated(3, 2, 2, 2)),
        ("bant_nurture", rated(1, 1, 2, 1), rated(1, 1, 1, 1)),
        ("bant_no_need", rated(4, 4, 0, 4), rated(4, 4, 1, 4)),
        ("bant_budget_unproven", rated(3, 0, 0, 0), {**rated(3, 0, 0, 0), "budget": 900}),
        ("bant_authority_unproven", rated(0, 3, 0, 0), {**rated(0, 3, 0, 0), "stakeholders": [{"role": "EB"}]}),
        (
            "bant_need_unproven",
            rated(0, 0, 3, 0),
            {**rated(0, 0, 3, 0), "pains": [{"text": "slow", "confirmed": True}]},
        ),
        ("bant_timeline_unproven", rated(0, 0, 0, 3), {**rated(0, 0, 0, 3), "bant_decide_by": day(30)}),
        ("bant_date_passed", {"bant_decide_by": day(10)}, {"bant_decide_by": day(30)}),
    ],
)
def test_a_flag_is_up_while_its_reason_lasts(flag, up, down):
    assert flag in flags("bant", "qualify", **up)
    assert flag not in flags("bant", "qualify", **down)
    assert flag not in flags("bant", "qualify")


def test_low_sums_advise_to_let_go_or_to_wait():
    advice = {flag.id: flag.advise for flag in overlay("bant").flags}
    assert (advice["bant_unqualified"], advice["bant_nurture"]) == ("disqualify", "hold")


def test_prompts_ask_for_what_is_rated_low():
    bare = prompts("bant", "qualify")
    assert "Is money set aside" in bare
    assert "Propose the next meeting" in prompts("bant", "qualify", **rated(4, 4, 4, 4))
    known = prompts("bant", "qualify", **rated(4, 1, 4, 4), bant_trigger="an audit")
    assert known.splitlines()[0] == "When they last bought something like it, who signed?"
    assert "Is money set aside" not in known
    assert "What prompted" not in known


def test_it_asks_nothing_after_qualifying():
    assert list(overlay("bant").phases) == ["qualify"]
