"""The shipped B2B process: the straight run, its branches and loops, its gates."""

from __future__ import annotations

from datetime import timedelta

import pytest
from shipped_b2b import b2b_at, b2b_demo, b2b_negotiation, b2b_objections, b2b_proposal
from shipped_walk import Walk, act, buyer, done, item, paper, private, put, yes

from dealwright.engine import commands as c
from dealwright.model.verdict import Refusal


def test_a_b2b_deal_runs_from_identify_to_referral_and_wins_at_the_contract() -> None:
    walk = b2b_at("referral")
    assert walk.deal.status == "won"
    assert walk.refused("account_manager") >= {"asked", "answered"}
    walk.must("account_manager", act("referral_asked"), buyer("referral_answered", answer="yes"))
    assert [(link.deal, link.kind) for link in walk.deal.work.links] == [("b2b-9", "follow_on")]
    assert len(walk.refused("account_manager")) == 1
    walk.must(
        "account_manager",
        paper("referral_record", **{"from": private("f"), "to": private("t"), "consent": True}),
        c.Advance(),
    )
    assert walk.deal.status == "completed"


def test_a_customer_who_declines_to_refer_needs_a_reason_only() -> None:
    walk = b2b_at("referral")
    walk.must("account_manager", act("referral_asked"), buyer("referral_answered", answer="no"))
    assert walk.refused("account_manager") == {"reason"}
    walk.must("account_manager", put(no_referral_reason="house rule"), c.Advance())
    assert walk.deal.status == "completed"


def test_an_account_that_does_not_fit_is_disqualified_before_any_meeting() -> None:
    walk = b2b_at("qualify")
    walk.must("sales_rep", put(fit="no"), c.Advance())
    assert (walk.deal.status, walk.deal.outcome, walk.deal.reason) == ("disqualified", "disqualified", "no_fit")


@pytest.mark.parametrize(
    ("reaction", "stage"), [("positive", "evaluation"), ("objection", "objections"), ("negative", "needs")]
)
def test_the_reaction_to_the_demo_chooses_the_way(reaction: str, stage: str) -> None:
    walk = b2b_at("demo")
    b2b_demo(walk, reaction)
    walk.goes("sales_rep", stage)


def objections_closed(walk: Walk) -> None:
    """Close the one objection, and hear from the buyer that it is settled."""
    assert walk.refused("sales_rep") >= {"none_open", "settled", "requires.objection_log"}
    walk.must("engineer", c.CloseItem(list="objections", item="1"))
    b2b_objections(walk)


def test_objections_at_the_demo_are_a_detour_and_the_deal_then_goes_on_to_the_evaluation() -> None:
    walk = b2b_at("demo")
    b2b_demo(walk, "objection")
    due = walk.deal.due_at
    walk.must("sales_rep", item("objections", text="noise", kind="technical"))
    walk.goes("sales_rep", "objections")
    walk.later(3)
    objections_closed(walk)
    walk.goes("engineer", "demo")
    assert due is not None
    assert walk.deal.due_at is not None
    assert timedelta(days=3) < walk.deal.due_at - due < timedelta(days=3, hours=1)  # its clock has waited
    walk.goes("sales_rep", "evaluation")


def test_objections_to_the_proposal_are_a_detour_and_the_deal_then_goes_on_to_the_negotiation() -> None:
    walk = b2b_at("proposal")
    b2b_proposal(walk, "objection")
    walk.must("sales_rep", item("objections", text="price", kind="price"))
    walk.goes("sales_rep", "objections")
    objections_closed(walk)
    walk.goes("sales_rep", "proposal")
    walk.goes("sales_rep", "negotiation")


def test_an_objection_in_the_negotiation_is_a_detour_and_what_was_agreed_stays_agreed() -> None:
    walk = b2b_at("negotiation")
    b2b_negotiation(walk)
    walk.must("sales_rep", item("objections", text="liability", kind="terms"))
    walk.goes("sales_rep", "objections")
    objections_closed(walk)
    walk.goes("sales_rep", "negotiation")
    walk.goes("sales_rep", "contract")


def test_a_technical_question_goes_to_the_engineer_and_after_two_days_to_an_executive() -> None:
    walk = b2b_at("demo")
    b2b_demo(walk)
    walk.must("sales_rep", buyer("technical_question", question="how loud"))
    assert walk.refused("sales_rep") == {"task.answer_question"}
    walk.later(3)
    told = [event.data.roles for event in walk.tick() if event.type == "notified"]
    assert told == [("executive",)]
    walk.must("engineer", done("answer_question"))
    walk.goes("sales_rep", "evaluation")


def test_a_delivery_date_that_production_cannot_keep_needs_a_waiver() -> None:
    walk = b2b_at("negotiation")
    b2b_negotiation(walk)
    walk.must("sales_rep", paper("negotiation_plan", delivery=walk.day(13)))
    walk.must("sales_manager", yes("negotiation_plan"))
    assert walk.refused("sales_rep") == {"delivery_possible"}
    walk.must("sales_manager", c.Waive(criterion="delivery_possible", reason=private("w")))
    walk.goes("sales_rep", "contract")


def test_the_account_manager_owns_the_deal_once_the_hand_over_is_accepted() -> None:
    walk = b2b_at("handover")
    assert walk.deal.owner == "sales_rep-1"
    walk.must("account_manager", act("handover_accepted"))
    assert walk.deal.owner == "account_manager-1"


def test_changes_to_the_proposal_go_back_to_the_solution_for_a_new_review() -> None:
    walk = b2b_at("proposal")
    b2b_proposal(walk, "changes")
    walk.goes("sales_rep", "solution")
    assert walk.refused("sales_rep") == {"reviewed", "task.foresee_objections"}


def test_a_high_discount_waits_for_the_sales_manager() -> None:
    walk = b2b_at("proposal")
    b2b_proposal(walk, discount=20)
    assert len(walk.refused("sales_rep")) == 1
    walk.must("sales_manager", yes("quotation"))
    walk.goes("sales_rep", "negotiation")


def test_a_price_under_the_floor_waits_for_the_sales_manager_at_every_new_price() -> None:
    walk = b2b_at("negotiation")
    b2b_negotiation(walk, floor="810000")
    assert "price_in_limits" in walk.refused("sales_rep")
    walk.must("sales_manager", yes("quotation"))
    walk.must("sales_rep", paper("quotation", price="790000"))
    assert "price_in_limits" in walk.refused("sales_rep")
    walk.must("sales_manager", yes("quotation"))
    walk.goes("sales_rep", "contract")


def test_payment_terms_that_the_house_does_not_grant_need_a_waiver() -> None:
    walk = b2b_at("negotiation")
    b2b_negotiation(walk, payment="net_90")
    assert walk.refused("sales_rep") == {"payment_allowed"}
    assert isinstance(walk.do("sales_rep", c.Waive(criterion="payment_allowed", reason=private("w"))), Refusal)
    walk.must("sales_manager", c.Waive(criterion="payment_allowed", reason=private("w")))
    walk.goes("sales_rep", "contract")


def test_an_expired_quotation_does_not_leave_the_proposal() -> None:
    walk = b2b_at("proposal")
    b2b_proposal(walk)
    walk.later(31)
    assert walk.refused("sales_rep") == {"price_valid"}


def test_nothing_to_renew_needs_no_renewal_record() -> None:
    walk = b2b_at("grow")
    walk.must(
        "account_manager",
        paper("expansion_note", need="none"),
        put(expansion_decision="none", renewal_decision="not_applicable"),
    )
    walk.goes("account_manager", "referral", "won")
