"""The shipped processes bound to a partner: the programme, the yearly review, market development funds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from shipped_bring import at, ready, supply, told
from shipped_walk import Walk, buyer, paper, private, put

from dealwright.engine import commands as c
from dealwright.model.verdict import Refusal


def test_a_new_partner_is_recruited_where_the_territory_is_free_or_shared_by_a_rule() -> None:
    walk = Walk("partner_programme")
    walk.must("channel_manager", put(profile_score=59, territory_free=False))
    assert walk.refused("channel_manager") >= {"profile", "territory", "wanted"}
    walk.must("channel_manager", put(share_rule="by city", profile_score=60))
    assert walk.refused("channel_manager") == {"wanted", "requires.partner_profile"}


def test_an_agreement_for_a_taken_territory_takes_the_sales_manager_after_legal() -> None:
    walk = at("partner_programme", "onboard")
    walk.must("channel_manager", put(territory_free=False, share_rule="by city"))
    walk.must("channel_manager", paper("agreement", file=True, territory="north", ends_on=walk.day(365)))
    yes = c.DecideArtifact(artifact="agreement", granted=True)
    assert isinstance(walk.do("sales_manager", yes), Refusal)
    walk.must("legal", yes)
    assert "approved.agreement" in walk.refused("channel_manager")
    walk.must("sales_manager", yes)
    assert "approved.agreement" not in walk.refused("channel_manager")


@pytest.mark.parametrize("first", ["sales", "service"])
def test_both_courses_are_passed_in_any_order(first: str) -> None:
    walk = at("partner_programme", "certify")
    second = {"sales": "service", "service": "sales"}[first]
    walk.must("trainer", paper("certification", person=private("p"), course=first, passed=True))
    walk.must("trainer", paper("certification", person=private("q"), course=second, passed=False))
    assert walk.refused("trainer") == {"courses"}
    walk.must("trainer", paper("certification", person=private("r"), course=second, passed=True))
    walk.goes("trainer", "activate")


def test_a_partner_is_active_once_its_record_shows_a_tier_that_it_accepts() -> None:
    walk = at("partner_programme", "activate")
    walk.must("channel_manager", buyer("tier_accepted"), put(first_order_on=walk.day(30)))
    walk.must("channel_manager", paper("tier_letter", benefits="margin", duties="two trained people"))
    assert walk.refused("channel_manager") == {"tier"}
    walk.knows("partner", "partner-1", tier="silver")
    walk.must("channel_manager", c.Advance())
    assert walk.deal.status == "completed"
    assert walk.deal.won_at is not None


def review(tier: str, decided: str) -> Walk:
    """A review of a partner of this tier at the decision, with note and decision there."""
    walk = at("tier_review", "decide")
    walk.knows("partner", "partner-1", tier=tier)
    walk.must("channel_manager", put(tier_decision=decided), buyer("decision_heard"))
    walk.must("channel_manager", paper("decision_note", grounds="revenue"))
    return walk


def test_a_tier_that_stays_needs_nobodys_consent() -> None:
    walk = review("silver", "silver")
    walk.goes("channel_manager", "record")
    assert walk.refused("channel_manager") == {"requires.notice"}


def test_a_review_is_locked_while_the_sales_manager_looks_at_a_tier_that_changes() -> None:
    walk = review("silver", "gold")
    locked = walk.do("channel_manager", put(tier_decision="platinum"))
    assert isinstance(locked, Refusal)
    assert locked.cause == "status"
    walk.must("sales_manager", c.DecideStage(approval="change", granted=True))
    walk.goes("channel_manager", "record")


def test_a_week_of_silence_counts_as_approved() -> None:
    walk = review("silver", "gold")
    walk.later(7.1)
    walk.tick()
    walk.goes("channel_manager", "record")


def test_a_refused_tier_leads_back_to_the_talk() -> None:
    walk = review("gold", "registered")
    walk.must("sales_manager", c.DecideStage(approval="change", granted=False, note=private("n")))
    assert walk.deal.stage == "talk"


def test_a_review_ends_by_itself_as_soon_as_the_record_shows_the_tier() -> None:
    walk = review("silver", "gold")
    walk.must("sales_manager", c.DecideStage(approval="change", granted=True))
    walk.must("channel_manager", c.Advance(), paper("notice", valid_from=walk.day(30)))
    assert (walk.deal.stage, walk.deal.status) == ("record", "open")
    walk.knows("partner", "partner-1", tier="gold")
    walk.tick()
    assert walk.deal.status == "completed"


def requested(budget: str = "40000", due: int = 120) -> Walk:
    """A fund request by a partner that has committed to its plan."""
    walk = Walk("market_development_funds")
    walk.must("channel_manager", c.AddStakeholder(fields={"name": private("s"), "role": "user"}))
    request = {"activity": "road show", "budget": budget, "expected_leads": 20, "claim_due": walk.day(due)}
    walk.must("channel_manager", paper("fund_request", **request), buyer("plan_committed", proof=True))
    return walk


def approve(walk: Walk, *roles: str) -> None:
    for role in roles:
        walk.must(role, c.DecideArtifact(artifact="fund_request", granted=True))


def test_nothing_is_spent_before_the_approval() -> None:
    walk = requested()
    approve(walk, "marketing")
    walk.goes("channel_manager", "carry_out")
    walk.must("channel_manager", buyer("activity_held", proof=True))
    walk.must("channel_manager", paper("activity_report", first_spent_on=walk.day(-1), leads=12))
    assert walk.refused("channel_manager") == {"approved_before"}
    walk.must("channel_manager", paper("activity_report", first_spent_on=walk.day()))
    walk.goes("channel_manager", "claim")


def test_a_large_request_takes_the_sales_manager_too() -> None:
    walk = requested(budget="50001")
    approve(walk, "marketing")
    assert "approved.fund_request" in walk.refused("channel_manager")
    approve(walk, "sales_manager")
    walk.goes("channel_manager", "carry_out")


def test_a_request_that_marketing_does_not_answer_expires_and_is_asked_for_again() -> None:
    walk = requested()
    walk.later(10.1)
    walk.tick()
    assert isinstance(walk.do("marketing", c.DecideArtifact(artifact="fund_request", granted=True)), Refusal)
    walk.must("channel_manager", paper("fund_request", activity="road show again"))
    approve(walk, "marketing")
    walk.goes("channel_manager", "carry_out")


@pytest.mark.parametrize("held", [False, True])
def test_money_that_is_not_claimed_in_time_expires_whether_on_hold_or_not(held: bool) -> None:
    walk = requested(due=60)
    approve(walk, "marketing")
    walk.goes("channel_manager", "carry_out")
    if held:
        walk.must("channel_manager", c.Hold(until=(walk.now + timedelta(days=300)).date(), reason=private("h")))
    walk.later(46)
    assert told(walk.tick()) == [("channel_manager",)]
    walk.later(15)
    walk.tick()
    assert (walk.deal.status, walk.deal.outcome, walk.deal.reason) == ("lost", "expired", "claim_late")


@pytest.mark.parametrize(("amount", "fits"), [("19999", False), ("20000", True), ("40000", True), ("40001", False)])
def test_half_of_the_cost_or_more_is_reimbursed_and_never_more_than_the_cost(amount: str, fits: bool) -> None:
    walk = ready("market_development_funds", "claim")
    walk.must("channel_manager", paper("claim", file=True, cost="40000"))
    supply(walk)
    walk.goes("channel_manager", "reimburse")
    walk.must("finance", paper("reimbursement", amount=amount))
    assert ("share" not in walk.refused("finance")) is fits
