"""The shipped digital and flywheel processes: scores, trials, answers in time; a loop that closes by new deals only."""

from __future__ import annotations

import pytest
from shipped_bring import at, begun, owed, ready, told
from shipped_walk import Walk, act, buyer, paper, private, put

from dealwright.engine import commands as c


def test_a_buyer_with_a_high_score_goes_to_a_representative() -> None:
    walk = at("digital", "consideration")
    walk.must("marketing", put(fit_points=30, behaviour_points=30), buyer("case_viewed"))
    walk.must("marketing", paper("comparison", options="two rivals"))
    walk.goes("marketing", "intent")
    assert walk.deal.owner is not None
    assert walk.deal.owner.startswith("sales_rep")


def test_a_buyer_with_a_low_score_is_nurtured_and_comes_back() -> None:
    walk = at("digital", "consideration")
    walk.must("marketing", put(fit_points=30, behaviour_points=29))
    walk.must("marketing", c.Advance())
    assert walk.deal.stage == "nurture"
    walk.must("marketing", paper("nurture_plan", content="one mail a fortnight"), buyer("content_opened"))
    assert walk.refused("marketing") == {"score"}
    walk.must("marketing", put(fit_points=31))
    walk.goes("marketing", "consideration")


def test_a_buyer_who_stays_cold_for_ninety_days_is_let_go() -> None:
    walk = at("digital", "consideration")
    walk.must("marketing", put(fit_points=10, behaviour_points=10), c.Advance())
    walk.later(91)
    walk.tick()
    assert (walk.deal.status, walk.deal.reason) == ("disqualified", "gone_cold")


def test_points_for_behaviour_fade_by_half_in_a_month_without_any_act() -> None:
    walk = at("digital", "consideration")
    walk.must("marketing", put(fit_points=30, behaviour_points=40))
    walk.later(31)
    walk.tick()
    assert walk.deal.values[walk.program.layout.field_at["behaviour_points"]] == 20


def test_a_request_is_answered_within_four_hours_or_the_manager_hears_of_it() -> None:
    walk = at("digital", "intent")
    walk.must("sales_rep", buyer("price_requested"))
    assert owed(walk) == ["call_back"]
    late = walk.fork()
    walk.must("sales_rep", act("request_answered"))
    walk.later(1)
    walk.tick()
    assert "in_time" not in walk.refused("sales_rep")
    late.later(0.2)
    assert told(late.tick()) == [("sales_manager",)]
    late.must("sales_rep", act("request_answered"))
    assert "in_time" in late.refused("sales_rep")
    late.must("sales_manager", c.Waive(criterion="in_time", reason=private("w")))
    assert "in_time" not in late.refused("sales_rep")


def test_every_stage_is_tried_in_two_variants_and_a_deal_keeps_its_arm() -> None:
    walk = at("digital", "advocacy")
    arms = dict(walk.deal.work.variants)
    assert set(arms) == {stage.id for stage in walk.program.process.stages if stage.variants}
    assert set(arms.values()) == {"A", "B"}
    back = at("digital", "consideration")
    before = dict(back.deal.work.variants)
    back.must("marketing", c.Move(to="engagement", reason=private("r")), c.Move(to="interest", reason=private("r")))
    assert dict(back.deal.work.variants) == before


def test_who_names_somebody_else_begins_a_deal_of_its_own() -> None:
    walk = at("digital", "advocacy")
    walk.must("customer_service", buyer("referral_given"))
    assert begun(walk) == ["digital"]


def test_each_referral_turns_the_wheel_once_more_and_the_won_deal_stays_won() -> None:
    walk = at("flywheel", "spin")
    walk.must("account_manager", act("referral_asked"), buyer("referral_given", company="Sample Works"))
    walk.must("account_manager", buyer("referral_given", company="Example Mills"))
    assert begun(walk) == ["flywheel", "flywheel"]
    assert owed(walk) == ["thank"]
    assert walk.deal.status == "won"


def test_a_customer_who_declines_needs_no_deal() -> None:
    walk = at("flywheel", "spin")
    walk.must("account_manager", act("referral_asked"), buyer("referral_declined"))
    walk.must("account_manager", put(expansion_decision="none"), paper("referral_record", outcome="declined"))
    walk.must("account_manager", c.Advance())
    assert walk.deal.status == "completed"
    assert begun(walk) == []


@pytest.mark.parametrize(("points", "stage"), [(3, "recover"), (4, "spin")])
def test_a_customer_who_is_not_satisfied_is_won_back_first(points: int, stage: str) -> None:
    walk = ready("flywheel", "delight")
    walk.must("customer_service", buyer("satisfaction_given", points=points), c.Advance())
    assert walk.deal.stage == stage


def test_a_customer_who_was_won_back_is_asked_again() -> None:
    walk = ready("flywheel", "delight")
    walk.must("customer_service", buyer("satisfaction_given", points=2), c.Advance())
    assert walk.refused("customer_service") == {"recovered", "requires.recovery_note", "task.mend"}
    walk.must("customer_service", buyer("recovered"), paper("recovery_note", cause="late", remedy="spare"))
    walk.must("customer_service", c.CloseTask(task="mend"))
    walk.goes("customer_service", "delight", "won")
    walk.must("customer_service", buyer("satisfaction_given", points=5))
    walk.goes("customer_service", "spin", "won")


def test_the_flywheel_never_leads_from_a_later_stage_to_an_earlier_one_by_itself() -> None:
    process = Walk("flywheel").program.process
    order = [stage.id for stage in process.stages if not stage.detour]
    for stage in process.stages:
        for branch in stage.decision.branches if stage.decision else ():
            if not stage.detour and branch.to in order:
                assert order.index(branch.to) > order.index(stage.id)
