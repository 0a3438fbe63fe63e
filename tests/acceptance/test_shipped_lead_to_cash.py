"""The shipped lead-to-cash process: warm and cold leads, three people, three gates, the money at the end."""

from __future__ import annotations

from datetime import date

import pytest
from shipped_bring import at, owed, ready, supply, told
from shipped_walk import Walk, buyer, item, paper, private, put

from dealwright.engine import commands as c
from dealwright.model.verdict import Refusal

YES = c.DecideStage(approval="invest", granted=True)
NO = c.DecideStage(approval="invest", granted=False, note=private("n"))


def verified(warmth: str) -> Walk:
    walk = at("lead_to_cash", "verify")
    walk.must("account_responsible", put(warmth=warmth))
    return walk


def test_a_cold_lead_is_let_go() -> None:
    walk = verified("cold")
    walk.must("account_responsible", c.Advance())
    assert (walk.deal.status, walk.deal.reason) == ("disqualified", "cold")


def test_a_warm_lead_is_looked_at_every_two_weeks_and_comes_back_with_news() -> None:
    walk = verified("warm")
    walk.must("account_responsible", c.Advance())
    assert walk.deal.stage == "nurture"
    walk.later(14)
    walk.tick()
    assert owed(walk) == ["review_lead"]
    walk.must("account_responsible", buyer("news_heard"))
    assert walk.refused("account_responsible") == {"reviewed", "requires.nurture_note"}
    walk.must("account_responsible", paper("nurture_note", reviewed_on=walk.day(), next_act="call in May"))
    walk.goes("account_responsible", "verify")


def test_a_lead_without_news_for_half_a_year_ends() -> None:
    walk = verified("warm")
    walk.must("account_responsible", c.Advance())
    walk.later(100)
    walk.must("account_responsible", buyer("news_heard"))
    walk.later(100)
    walk.tick()
    assert walk.deal.status == "open"
    walk.later(90)
    walk.tick()
    assert (walk.deal.status, walk.deal.reason) == ("disqualified", "faded")


def test_three_people_carry_an_opportunity() -> None:
    walk = at("lead_to_cash", "opportunity")
    walk.must("account_responsible", put(solution_lead="solution_responsible-1"))
    assert "three_people" in walk.refused("account_responsible")
    walk.must("account_responsible", put(fulfilment_lead="fulfilment_responsible-1"))
    assert "three_people" not in walk.refused("account_responsible")


def test_two_of_the_decision_team_let_money_be_spent_and_one_refusal_stops_the_deal() -> None:
    walk = ready("lead_to_cash", "verify")
    walk.goes("account_responsible", "opportunity")
    stopped = walk.fork()
    walk.must("decision_team-1", YES)
    assert isinstance(walk.do("decision_team-1", YES), Refusal)
    walk.must("decision_team-2", YES)
    stopped.must("decision_team-1", NO)
    assert (stopped.deal.status, stopped.deal.outcome, stopped.deal.reason) == ("lost", "stopped", "not_invested")


def test_a_gate_that_nobody_answers_goes_to_an_executive_as_well() -> None:
    walk = at("lead_to_cash", "opportunity")
    assert isinstance(walk.do("executive", YES), Refusal)
    walk.later(5.1)
    walk.tick()
    walk.must("executive", YES)


def test_a_large_bid_takes_an_executive_and_a_refused_one_goes_back_to_the_requirements() -> None:
    walk = at("lead_to_cash", "bid")
    bid = {"price": "10000000", "valid_until": walk.day(60), "risks": "delivery"}
    walk.must("solution_responsible", paper("bid_document", file=True, **bid))
    refused = walk.fork()
    for person in ("decision_team-1", "decision_team-2"):
        walk.must(person, c.DecideArtifact(artifact="bid_document", granted=True))
    assert "approved.bid_document" in walk.refused("solution_responsible")
    walk.must("executive", c.DecideArtifact(artifact="bid_document", granted=True))
    assert "approved.bid_document" not in walk.refused("solution_responsible")
    refused.must("decision_team-1", c.DecideArtifact(artifact="bid_document", granted=False, note=private("n")))
    assert refused.deal.stage == "guide"


@pytest.mark.parametrize(("result", "place"), [("revise", "guide"), ("refused", "lost")])
def test_the_result_of_the_bid_decides(result: str, place: str) -> None:
    walk = at("lead_to_cash", "bid")
    walk.must("account_responsible", buyer("bid_result", result=result), c.Advance())
    assert place in (walk.deal.stage, walk.deal.outcome)


def test_a_contract_far_below_the_bid_is_waived_by_an_executive_only() -> None:
    walk = ready("lead_to_cash", "contract")
    walk.must("account_responsible", paper("contract", file=True, price="113999"))
    assert "price" in walk.refused("account_responsible")
    waive = c.Waive(criterion="price", reason=private("w"))
    assert isinstance(walk.do("decision_team", waive), Refusal)
    walk.must("executive", waive)
    assert "price" not in walk.refused("account_responsible")


def test_departments_work_side_by_side_after_the_signature() -> None:
    walk = at("lead_to_cash", "handover")
    assert set(owed(walk)) == {"plan_delivery", "plan_invoices"}
    supply(walk)
    walk.goes("account_responsible", "fulfil", "won")
    assert owed(walk) == ["purchase_goods"]
    walk.must("account_responsible", item("changes", text="two more pumps"))
    assert "no_change" in walk.refused("fulfilment_responsible")


def test_an_overdue_invoice_calls_for_the_payment() -> None:
    walk = at("lead_to_cash", "cash")
    walk.must("finance", paper("invoice", number="I-1", total="120000", due_on=walk.day(10)))
    walk.later(11)
    assert told(walk.tick()) == [("finance", "account_responsible")]
    assert owed(walk) == ["chase_payment"]
    walk.must("finance", buyer("payment_made"), put(paid="119999"))
    assert walk.refused("finance") == {"paid"}
    walk.must("finance", put(paid="120000"))
    walk.goes("finance", "close_out", "won")


@pytest.mark.parametrize(
    ("grade", "amount", "days"), [("A", "9999999", 15), ("A", "10000000", 21), ("C", "10000000", 45)]
)
def test_limits_follow_grade_and_amount(grade: str, amount: str, days: int) -> None:
    walk = ready("lead_to_cash", "verify")
    walk.must("account_responsible", put(grade=grade, amount=amount))
    walk.goes("account_responsible", "opportunity")
    assert walk.deal.due_at is not None
    assert walk.deal.due_at.date() == date.fromisoformat(walk.day(days))
