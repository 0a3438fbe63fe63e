"""The shipped tender process: the committee, the bond, and dates of the buyer's that no hold can stop."""

from __future__ import annotations

from datetime import timedelta

import pytest
from shipped_bring import at, owed, ready, supply, told
from shipped_walk import Walk, buyer, item, paper, private, put

from dealwright.engine import commands as c
from dealwright.model.verdict import Refusal

YES = c.DecideStage(approval="committee", granted=True)


def noticed(deadline: int, opens: int) -> Walk:
    """A tender at its notice, with dates so many days from now."""
    walk = Walk("tender")
    dates = {"deadline": walk.day(deadline), "opens_on": walk.day(opens)}
    walk.must("bid_manager", paper("tender_notice", number="T-1", bond="50000", **dates))
    return walk


def submitted() -> Walk:
    """A bid received by the buyer, whose opening is ten days off."""
    walk = at("tender", "submit")
    supply(walk)
    walk.must("bid_manager", paper("tender_notice", deadline=walk.day(5), opens_on=walk.day(10)))
    walk.must("bid_manager", paper("submission_record", submitted_on=walk.day()))
    return walk


def hold(walk: Walk, days: int) -> None:
    walk.must("bid_manager", c.Hold(until=(walk.now + timedelta(days=days)).date(), reason=private("h")))


@pytest.mark.parametrize("held", [False, True])
def test_a_missed_deadline_ends_the_tender_whether_it_is_on_hold_or_not(held: bool) -> None:
    walk = noticed(deadline=10, opens=12)
    if held:
        hold(walk, 60)
    walk.later(10)
    walk.tick()
    assert walk.deal.status == "open"
    walk.later(1)
    walk.tick()
    assert (walk.deal.status, walk.deal.reason) == ("lost", "deadline_missed")


def test_a_bid_that_was_received_does_not_miss_its_deadline() -> None:
    walk = submitted()
    walk.later(7)
    walk.tick()
    assert (walk.deal.stage, walk.deal.status) == ("submit", "open")


def test_the_opening_day_comes_though_the_deal_is_on_hold() -> None:
    walk = submitted()
    hold(walk, 60)
    walk.later(11)
    assert ("bid_manager", "sales_manager") in told(walk.tick())
    assert walk.deal.stage == "opening"


def test_three_days_before_the_deadline_the_bid_is_checked_once_more() -> None:
    walk = at("tender", "prepare")
    walk.must("bid_manager", paper("tender_notice", deadline=walk.day(20), opens_on=walk.day(22)))
    walk.later(17)
    assert told(walk.tick()) == [("bid_manager",)]
    assert "check_again" in owed(walk)


def test_two_of_the_committee_decide_and_none_of_them_brought_the_tender_there() -> None:
    walk = at("tender", "decide")
    walk.must("bid_manager", put(worth_bidding="bid"), buyer("clarification_given", proof=True))
    walk.must("bid_manager", paper("assessment", chances="good", rivals="two", cost="20000"))
    walk.must("bid_manager", c.Assign(person="bid_committee-1"))
    assert isinstance(walk.do("bid_committee-1", YES), Refusal)  # the owner now
    walk.must("bid_committee-2", YES)
    assert len(walk.refused("bid_manager")) == 1  # one yes is not enough
    assert isinstance(walk.do("bid_committee-2", YES), Refusal)  # once each
    walk.must("bid_committee-3", YES)
    walk.goes("bid_manager", "prepare")


def test_a_silent_committee_is_joined_by_an_executive_after_two_days() -> None:
    walk = at("tender", "decide")
    assert isinstance(walk.do("executive", YES), Refusal)
    walk.later(2.1)
    walk.tick()
    walk.must("executive", YES)


def test_one_refusal_of_the_committee_ends_the_tender() -> None:
    walk = at("tender", "decide")
    walk.must("bid_committee-2", c.DecideStage(approval="committee", granted=False, note=private("n")))
    assert (walk.deal.status, walk.deal.outcome, walk.deal.reason) == ("disqualified", "left", "committee_refused")


def test_the_parts_of_a_bid_are_written_side_by_side_and_bound_when_all_are_there() -> None:
    walk = at("tender", "prepare")
    assert set(owed(walk)) == {"write_technical", "calculate", "collect_papers"}
    walk.must("technical", c.CloseTask(task="write_technical"))
    walk.must("finance", c.CloseTask(task="calculate"))
    assert "bind_and_seal" not in owed(walk)
    walk.must("legal", c.CloseTask(task="collect_papers"))
    assert owed(walk) == ["bind_and_seal"]


def test_the_bond_is_paid_in_full() -> None:
    walk = ready("tender", "prepare")
    walk.must("finance", paper("bond_receipt", file=True, amount="119999"))
    assert walk.refused("bid_manager") == {"bond"}


def test_a_bid_that_misses_an_essential_requirement_does_not_leave_the_house() -> None:
    walk = ready("tender", "prepare")
    walk.must("bid_manager", item("requirements", text="colour", essential=False, answer="deviates"))
    walk.must("bid_manager", item("requirements", text="uptime", essential=True, answer="deviates"))
    assert walk.refused("bid_manager") == {"every_demand"}
    essential = str(len(walk.deal.values[walk.program.layout.field_at["requirements"]]))
    walk.must("bid_manager", c.SetItem(list="requirements", item=essential, fields={"answer": "exceeded"}))
    walk.goes("bid_manager", "submit")


def test_the_contract_says_the_price_of_the_bid() -> None:
    walk = ready("tender", "contract")
    walk.must("bid_manager", paper("contract", file=True, price="119000"))
    assert "as_bid" in walk.refused("bid_manager")


def test_after_a_lost_tender_finance_hears_that_the_bond_is_due_back() -> None:
    walk = at("tender", "award")
    walk.must("bid_manager", buyer("result_published", result="other"), c.Advance())
    assert (walk.deal.status, walk.deal.reason) == ("lost", "outbid")
    walk.later(5.1)
    assert told(walk.tick()) == [("finance",)]
