"""The shipped channel process: a registration and its conflicts, protection, sell-through, what begins from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from shipped_walk import Walk, act, buyer, item, paper, person, private, put, yes

from dealwright.engine import commands as c
from dealwright.model.facts import Rival

REGISTRATION: Mapping[str, Any] = {
    "end_customer": "Sample Works", "contact": private("c"), "product": "pump", "amount": "300000",
    "close_date": "2026-06-01", "partner_added_value": "local service", "submitted_on": "2026-03-02",
}  # fmt: skip


def channel_protected() -> Walk:
    """A registration by a partner that is onboarded already, brought to `protected`."""
    walk = Walk("channel", "partner", partner_id="P-7")
    assert walk.deal.stage == "register"
    assert len(walk.refused("partner")) == 1
    walk.must("partner", paper("deal_registration", **REGISTRATION))
    walk.goes("partner", "conflict_check")
    check = {"direct_deal_open": False, "rule": "first_to_register", "decision": "clear"}
    walk.must("channel_manager", paper("conflict_result", **check))
    walk.goes("channel_manager", "protected")
    return walk


def channel_protect(walk: Walk, level: str = "smb", days: int = 90) -> None:
    """Record the protection and a progress note, with the channel manager's consent."""
    term = {"granted_on": walk.day(), "protected_until": walk.day(days)}
    walk.must(
        "partner",
        paper("protection", level=level, margin_bonus=10, **term),
        paper("progress_note", noted_on=walk.day(), text="met the plant manager"),
    )
    walk.must("channel_manager", yes("protection"))


@pytest.mark.parametrize("decision", ["registered_earlier", "direct_deal"])
def test_a_conflict_rejects_the_registration_with_its_reason(decision: str) -> None:
    walk = Walk("channel", "partner", partner_id="P-7")
    walk.must("partner", paper("deal_registration", **REGISTRATION), c.Advance())
    check = {"direct_deal_open": True, "rule": "first_to_register", "decision": "clear"}
    walk.must("channel_manager", paper("conflict_result", **check))
    assert walk.refused("channel_manager") == {"no_direct_deal"}
    walk.must("channel_manager", paper("conflict_result", decision=decision), c.Advance())
    assert (walk.deal.status, walk.deal.outcome, walk.deal.reason) == ("disqualified", "rejected", decision)


@pytest.mark.parametrize(("level", "days", "unmet"), [("smb", 91, "term"), ("enterprise", 181, "term")])
def test_protection_is_never_longer_than_the_customer_s_size_allows(level: str, days: int, unmet: str) -> None:
    walk = channel_protected()
    channel_protect(walk, level, days)
    assert walk.refused("partner") == {unmet}
    channel_protect(walk, level, days - 1)
    walk.goes("partner", "joint_solution")


def test_a_second_live_registration_of_customer_and_product_waits() -> None:
    walk = Walk("channel", "partner", partner_id="P-7")
    walk.rivals["live_registration"] = (Rival("channel-0", "Sample Works", "protected", "2026-01-01"),)
    walk.must("partner", paper("deal_registration", **REGISTRATION), c.Advance())
    check = {"direct_deal_open": False, "rule": "first_to_register", "decision": "clear"}
    walk.must("channel_manager", paper("conflict_result", **check))
    assert walk.refused("channel_manager") == {"unique.live_registration"}
    walk.rivals.clear()
    walk.goes("channel_manager", "protected")


def test_our_own_deal_with_the_customer_stands_in_the_way() -> None:
    walk = Walk("channel", "partner", partner_id="P-7")
    walk.knows("direct", "b2b-3")
    walk.must("partner", paper("deal_registration", **REGISTRATION), c.Advance())
    check = {"direct_deal_open": False, "rule": "first_to_register", "decision": "clear"}
    walk.must("channel_manager", paper("conflict_result", **check))
    assert walk.refused("channel_manager") == {"no_direct_deal"}


def test_protection_without_fresh_progress_holds_the_deal_and_then_lapses() -> None:
    walk = channel_protected()
    channel_protect(walk)
    walk.later(31)
    assert walk.refused("partner") == {"progress"}
    walk.tick()
    assert (walk.deal.status, walk.deal.reason) == ("lost", "protection_lapsed")


def test_a_protection_lapses_after_its_last_day_though_the_deal_is_on_hold() -> None:
    walk = channel_protected()
    channel_protect(walk)
    walk.goes("partner", "joint_solution")
    until = (walk.now + timedelta(days=200)).date()
    walk.must("partner", c.Hold(until=until, reason=private("h")))
    walk.later(90)
    walk.tick()
    assert walk.deal.status == "open"
    walk.later(1)
    walk.tick()
    assert (walk.deal.status, walk.deal.reason) == ("lost", "protection_lapsed")


def test_one_extension_with_evidence_keeps_a_protection_alive() -> None:
    walk = channel_protected()
    channel_protect(walk)
    longer = {"grounds": "budget moved", "extended_until": walk.day(181)}
    walk.must("partner", paper("protection_extension", file=True, **longer))
    assert walk.refused("partner") == {"extended_once"}
    walk.must("partner", paper("protection_extension", extended_until=walk.day(180), file=True))
    walk.must("channel_manager", yes("protection_extension"))
    walk.goes("partner", "joint_solution")
    walk.later(120)
    walk.tick()
    assert walk.deal.status == "open"
    walk.later(61)
    walk.tick()
    assert (walk.deal.status, walk.deal.reason) == ("lost", "protection_lapsed")


def test_an_extension_that_nobody_approved_keeps_nothing_alive() -> None:
    walk = channel_protected()
    channel_protect(walk)
    walk.goes("partner", "joint_solution")
    walk.must("partner", paper("protection_extension", file=True, grounds="budget", extended_until=walk.day(120)))
    walk.later(91)
    walk.tick()
    assert (walk.deal.status, walk.deal.reason) == ("lost", "protection_lapsed")


def test_a_silent_channel_manager_refuses_an_extension() -> None:
    walk = channel_protected()
    channel_protect(walk)
    walk.must("partner", paper("protection_extension", file=True, grounds="budget", extended_until=walk.day(120)))
    walk.later(8)
    assert [event.data.timed_out for event in walk.tick() if event.type == "artifact_rejected"] == [True]


def test_an_unanswered_registration_is_told_upwards_after_two_days() -> None:
    walk = Walk("channel", "partner", partner_id="P-7")
    walk.must("partner", paper("deal_registration", **REGISTRATION), c.Advance())
    assert [task.kind for task in walk.deal.work.tasks] == ["answer_registration"]
    walk.later(2.1)
    assert [event.data.roles for event in walk.tick() if event.type == "notified"] == [("sales_manager",)]


def test_a_large_registration_opens_an_opportunity_of_our_own() -> None:
    walk = channel_protected()
    channel_protect(walk, "enterprise", 180)
    walk.goes("partner", "joint_solution")
    assert [(link.deal, link.kind) for link in walk.deal.work.links] == [("b2b-9", "follow_on")]


def test_an_order_for_the_partner_s_stock_needs_no_registration() -> None:
    assert Walk("channel", "partner", deal_type="stock").deal.stage == "order"


def test_a_channel_deal_runs_to_partner_support() -> None:
    walk = channel_protected()
    channel_protect(walk)
    walk.goes("partner", "joint_solution")
    assert walk.refused("partner") >= {"pains", "helper"}
    walk.must(
        "partner",
        person("EB"),
        item("pains", text="stops", confirmed="s1"),
        put(vendor_helper="vendor_engineer-1"),
        paper("needs_record", criteria="uptime", timeline="by May"),
    )
    walk.must("vendor_engineer", paper("solution_doc", bundle="A", plan="six weeks", service="two years"))
    walk.goes("partner", "quote")
    walk.must("partner", paper("quotation", price="300000", valid_until=walk.day(30)))
    walk.must("partner", buyer("quote_response", response="accepted"))
    walk.must("channel_manager", paper("price_approval", direct_price="250000", partner_price="260000"))
    walk.must("sales_manager", yes("price_approval"))
    assert walk.refused("partner") == {"direct_not_cheaper"}
    walk.must("channel_manager", paper("price_approval", direct_price="310000"))
    walk.must("sales_manager", yes("price_approval"))
    walk.goes("partner", "order")
    walk.must(
        "partner",
        paper("purchase_order", po_no="PO-1", end_customer="Sample Works", amount="300000"),
        paper("contract", file=True, parties="both", clauses="ten"),
        buyer("order_placed"),
    )
    assert walk.refused("partner") == {"sell_in"}
    walk.must("channel_manager", act("sell_in_booked"))
    walk.goes("partner", "sell_through", "won")
    sold = {"sku": "A-1", "quantity": 3, "end_customer": "Sample Works", "month_end": "2026-03-31"}
    walk.must("partner", put(stock_days=30), paper("sell_through_report", **sold, reported_on="2026-04-11"))
    assert walk.refused("partner") == {"on_time"}
    walk.must("partner", paper("sell_through_report", **sold, reported_on="2026-04-10"))
    walk.goes("partner", "support", "won")
    for day in (7, 30, 90):
        report = {"day": day, "visitor": "service-1", "use": "daily", "satisfaction": 4, "suggestions": "none"}
        walk.must("service", paper("visit_report", **report))
    scores = {"revenue": "300000", "certified_staff": 1, "sell_through_rate": 60, "satisfaction": 4}
    walk.must("channel_manager", paper("partner_scorecard", reviewed_on=walk.day(), **scores))
    assert walk.refused("partner") == {"reviewed"}
    walk.must("channel_manager", act("partner_reviewed"), put(partner="partner-1"))
    walk.knows("partner", "partner-1")
    walk.must("partner", act("campaign_wanted"))
    walk.must("channel_manager", act("tier_questioned"))
    assert [link.deal for link in walk.deal.work.links] == ["market_development_funds-9", "tier_review-9"]
    walk.must("partner", c.Advance())
    assert walk.deal.status == "completed"


def test_a_customer_who_wants_changes_goes_back_to_the_joint_solution() -> None:
    walk = channel_protected()
    channel_protect(walk)
    walk.must("partner", c.Advance(), person("EB"), item("pains", text="stops", confirmed="s1"))
    walk.must("partner", put(vendor_helper="vendor_engineer-1"), paper("needs_record", criteria="a", timeline="b"))
    walk.must("partner", paper("solution_doc", bundle="A", plan="p", service="s"), c.Advance())
    walk.must("partner", buyer("quote_response", response="changes"))
    walk.goes("partner", "joint_solution")
