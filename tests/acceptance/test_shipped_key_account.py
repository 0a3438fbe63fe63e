"""The shipped key-account process: the decision chain, three gates, upkeep that begins the next opportunity."""

from __future__ import annotations

from datetime import date

import pytest
from shipped_bring import at, begun, owed, ready, supply, told
from shipped_walk import Walk, buyer, item, paper, private, put

from dealwright.engine import commands as c
from dealwright.model.verdict import Refusal


def refuse(approval: str = "", artifact: str = "") -> c.Command:
    """No, with a note."""
    if artifact:
        return c.DecideArtifact(artifact=artifact, granted=False, note=private("n"))
    return c.DecideStage(approval=approval, granted=False, note=private("n"))


def grant(approval: str) -> c.Command:
    return c.DecideStage(approval=approval, granted=True)


@pytest.mark.parametrize(
    ("known", "enough"),
    [({}, False), ({"revenue": "999999"}, False), ({"revenue": "1000000"}, True), ({"strategic": True}, True)],
)
def test_an_account_is_selected_for_its_revenue_or_because_it_is_strategic(
    known: dict[str, object], enough: bool
) -> None:
    walk = Walk("key_account")
    walk.knows("account", "account-1", **known)
    assert ("carries" not in walk.refused("key_account_manager")) is enough


def test_two_meetings_with_minutes_that_the_buyer_confirmed_and_all_three_topics() -> None:
    walk = at("key_account", "insight")
    assert walk.refused("key_account_manager") == {"meetings", "requires.account_insight"}
    walk.must("key_account_manager", c.AddStakeholder(fields={"name": private("s"), "role": "user"}))
    for day in (0, 7):
        walk.must("key_account_manager", item("meetings", held_on=walk.day(-day), topic="uptime", confirmed="s1"))
    topics = {"business_need": "uptime", "industry_pain": "stops"}
    walk.must("key_account_manager", paper("account_insight", **topics))
    assert walk.refused("key_account_manager") == {"requires.account_insight"}
    walk.must("key_account_manager", paper("account_insight", decision_procedure="board of three"))
    walk.goes("key_account_manager", "decision_chain")


def test_nobody_in_the_decision_chain_is_without_role_influence_attitude_and_plan() -> None:
    walk = ready("key_account", "decision_chain")
    walk.must("key_account_manager", c.AddStakeholder(fields={"name": private("t"), "role": "influencer"}))
    assert walk.refused("key_account_manager") == {"everyone_known"}
    known = {"influence": 2, "attitude": 0, "plan": private("plan")}
    newest = walk.deal.stakeholders[-1].id
    walk.must("key_account_manager", c.SetStakeholder(stakeholder=newest, fields=known))
    walk.goes("key_account_manager", "account_plan")


def test_there_is_one_economic_buyer_and_not_two() -> None:
    walk = ready("key_account", "decision_chain")
    rest = {"influence": 2, "attitude": 0, "plan": private("p")}
    walk.must("key_account_manager", c.AddStakeholder(fields={"name": private("t"), "role": "EB", **rest}))
    assert walk.refused("key_account_manager") == {"one_economic_buyer"}


def test_the_invest_gate_is_not_answered_by_whoever_owns_the_opportunity() -> None:
    walk = at("key_account", "opportunity")
    walk.must("account_responsible", c.Assign(person="sales_head-1"))
    assert isinstance(walk.do("sales_head-1", grant("invest")), Refusal)
    walk.must("sales_head-2", grant("invest"))


def test_an_invest_gate_that_nobody_answers_goes_to_an_executive_as_well() -> None:
    walk = at("key_account", "opportunity")
    assert isinstance(walk.do("executive", grant("invest")), Refusal)
    walk.later(5.1)
    walk.tick()
    walk.must("executive", grant("invest"))


def test_what_is_not_worth_the_investment_ends_there() -> None:
    walk = at("key_account", "opportunity")
    walk.must("sales_head-2", refuse("invest"))
    assert (walk.deal.status, walk.deal.reason) == ("disqualified", "not_worth_it")


def test_everyone_with_influence_has_something_to_gain() -> None:
    walk = ready("key_account", "opportunity")
    walk.must("account_responsible", c.AddStakeholder(fields={"name": private("t"), "role": "decider", "influence": 2}))
    assert "tailored" not in {one.id for one in walk.ways()[0].criteria if one.blocks}
    newest = walk.deal.stakeholders[-1].id
    walk.must("account_responsible", c.SetStakeholder(stakeholder=newest, fields={"influence": 3}))
    assert walk.refused("account_responsible") == {"tailored"}
    walk.must("account_responsible", item("tailored_outcomes", who=newest, gain="fewer stops"))
    walk.goes("account_responsible", "bid")


def test_two_of_the_committee_let_a_bid_out_and_one_refusal_brings_it_back() -> None:
    walk = at("key_account", "bid")
    bid = {"benefits": "no stops", "risk_list": "delivery"}
    walk.must("solution_responsible", paper("proposal", **bid))
    walk.must("bid_committee-1", c.DecideArtifact(artifact="proposal", granted=True))
    assert "approved.proposal" in walk.refused("solution_responsible")
    refused = walk.fork()
    walk.must("bid_committee-2", c.DecideArtifact(artifact="proposal", granted=True))
    assert "approved.proposal" not in walk.refused("solution_responsible")
    refused.must("bid_committee-2", refuse(artifact="proposal"))
    assert (refused.deal.stage, refused.deal.status) == ("opportunity", "open")


def test_a_contract_of_ten_million_takes_an_executive_after_legal_and_the_head_of_sales() -> None:
    walk = at("key_account", "close")
    contract = {"price": "10000000", "ends_on": walk.day(365)}
    walk.must("account_responsible", paper("contract", file=True, **contract))
    for early in ("sales_head-2", "executive"):
        assert isinstance(walk.do(early, c.DecideArtifact(artifact="contract", granted=True)), Refusal)
    for person in ("legal", "sales_head-2", "executive"):
        assert "approved.contract" in walk.refused("account_responsible")
        walk.must(person, c.DecideArtifact(artifact="contract", granted=True))
    assert "approved.contract" not in walk.refused("account_responsible")


def test_nobody_signs_against_a_powerful_opponent() -> None:
    walk = ready("key_account", "close")
    against = {"name": private("t"), "role": "blocker", "influence": 4, "attitude": -1}
    walk.must("account_responsible", c.AddStakeholder(fields=against))
    assert walk.refused("account_responsible") == {"nobody_against"}
    newest = walk.deal.stakeholders[-1].id
    walk.must("account_responsible", c.SetStakeholder(stakeholder=newest, fields={"attitude": 1}))
    walk.goes("account_responsible", "deliver", "won")


def test_each_need_stated_opens_an_opportunity_that_begins_where_the_account_is_known() -> None:
    walk = at("key_account", "maintain")
    walk.must("key_account_manager", buyer("next_need_stated", need="a second plant"))
    walk.must("key_account_manager", buyer("next_need_stated", need="spare parts"))
    assert begun(walk) == ["collections", "key_account", "key_account"]  # the first at the win
    assert Walk("key_account", "account_responsible", deal_type="follow_on").deal.stage == "opportunity"


def test_deciders_are_seen_every_month_and_a_review_is_due_every_quarter() -> None:
    walk = ready("key_account", "maintain")
    for person in walk.deal.stakeholders:
        walk.must("key_account_manager", c.SetStakeholder(stakeholder=person.id, fields={"last_contact": walk.day()}))
    walk.later(30)
    walk.tick()
    assert "see_deciders" in owed(walk)
    assert "hold_qbr" not in owed(walk)
    walk.later(1)
    assert "deciders_seen" in walk.refused("key_account_manager")
    walk.later(60)
    walk.tick()
    assert "hold_qbr" in owed(walk)
    assert "qbr" in walk.refused("key_account_manager")


def test_a_renewal_is_planned_half_a_year_before_the_contract_ends() -> None:
    walk = at("key_account", "close")
    walk.must("account_responsible", paper("contract", file=True, price="120000", ends_on=walk.day(400)))
    supply(walk)
    walk.goes("account_responsible", "deliver", "won")
    supply(walk)
    walk.goes("fulfilment_responsible", "maintain", "won")
    assert "requires.renewal_plan" not in walk.refused("key_account_manager")
    walk.later(221)
    assert told(walk.tick()) == [("key_account_manager",)]
    assert "plan_renewal" in owed(walk)
    assert "requires.renewal_plan" in walk.refused("key_account_manager")


@pytest.mark.parametrize(("grade", "days"), [("A", 42), ("B", 60), ("C", 90)])
def test_limits_are_shorter_for_large_customers_and_longer_for_small_ones(grade: str, days: int) -> None:
    walk = at("key_account", "account_plan")
    walk.must("key_account_manager", put(grade=grade, amount="5000000"))
    supply(walk)
    walk.goes("key_account_manager", "opportunity")
    assert walk.deal.due_at is not None
    assert walk.deal.due_at.date() == date.fromisoformat(walk.day(days))
