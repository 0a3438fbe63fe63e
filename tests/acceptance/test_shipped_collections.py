"""The shipped collections process: parts that a contract has or lacks, overdue invoices, the end by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from shipped_bring import at, owed, ready, told
from shipped_walk import Walk, buyer, item, paper, private, put

from dealwright.engine import commands as c


def agreed(**parts: int) -> Walk:
    """A contract over 100,000 whose terms are agreed, with these parts in per cent."""
    walk = Walk("collections")
    names = ("advance", "delivery", "acceptance", "retention")
    shares = {f"{name}_pct": parts.get(name, 0) for name in names}
    walk.must("finance", c.AddStakeholder(fields={"name": private("s"), "role": "user"}))
    walk.must("finance", put(contract_amount="100000", **shares), paper("payment_plan", contract_no="C-1"))
    walk.must("finance", buyer("terms_confirmed", proof=True))
    if shares["advance_pct"] < 20:
        walk.must("sales_manager", c.DecideArtifact(artifact="payment_plan", granted=True))
    return walk


def invoice(walk: Walk, due: int) -> None:
    dates = {"issued_on": walk.day(), "due_on": walk.day(due)}
    walk.must("finance", paper("invoice", part="advance", number="I-1", total="30000", **dates))


@pytest.mark.parametrize(
    ("parts", "stage"),
    [
        ({"advance": 30, "delivery": 60, "retention": 10}, "advance"),
        ({"delivery": 90, "retention": 10}, "delivery"),
        ({"acceptance": 100}, "acceptance"),
        ({"retention": 100}, "retention"),
    ],
)
def test_parts_that_the_contract_does_not_have_are_passed_over(parts: dict[str, int], stage: str) -> None:
    agreed(**parts).goes("finance", stage)


def test_the_parts_add_up_to_the_whole() -> None:
    walk = agreed(advance=30, delivery=60)
    assert walk.refused("finance") == {"parts"}


def test_little_in_advance_waits_for_the_sales_manager() -> None:
    walk = Walk("collections")
    walk.must("finance", put(contract_amount="100000", advance_pct=19), paper("payment_plan", contract_no="C-1"))
    assert "approved.payment_plan" in walk.refused("finance")
    walk.must("finance", put(advance_pct=20))
    assert "approved.payment_plan" not in walk.refused("finance")


def test_what_is_outstanding_is_computed_from_invoices_and_payments() -> None:
    walk = agreed(advance=30, delivery=70)
    walk.goes("finance", "advance")
    invoice(walk, 30)
    walk.must("finance", buyer("advance_paid"))
    walk.must("finance", paper("payment", paid_in="20000", received_on=walk.day()))
    assert walk.refused("finance") == {"arrived"}
    walk.must("finance", paper("payment", paid_in="10000", received_on=walk.day()))
    walk.goes("finance", "delivery")


@pytest.mark.parametrize("held", [False, True])
def test_an_overdue_invoice_calls_for_more_the_longer_it_is_unpaid(held: bool) -> None:
    walk = agreed(advance=30, delivery=70)
    walk.goes("finance", "advance")
    invoice(walk, 10)
    if held:
        walk.must("finance", c.Hold(until=(walk.now + timedelta(days=300)).date(), reason=private("h")))
    walk.later(3)
    assert told(walk.tick()) == [("account_manager",)]
    walk.later(8)
    walk.tick()
    assert owed(walk) == ["call_customer"]
    walk.later(29)
    assert told(walk.tick()) == [("sales_manager",)]
    walk.later(60)
    assert told(walk.tick()) == [("legal", "sales_manager")]
    assert owed(walk) == ["call_customer", "send_reminder", "prepare_claim"]


def test_a_paid_invoice_calls_for_nothing() -> None:
    walk = agreed(advance=30, delivery=70)
    walk.goes("finance", "advance")
    invoice(walk, 10)
    walk.must("finance", paper("payment", paid_in="30000", received_on=walk.day()))
    walk.later(100)
    walk.tick()
    assert owed(walk) == []


def test_a_dispute_is_a_detour_and_the_money_is_then_due_where_it_was() -> None:
    walk = at("collections", "delivery")
    walk.must("account_manager", item("disputes", text="a pump is missing", amount="5000"))
    walk.must("finance", c.Move(to="dispute", reason=private("d")))
    assert walk.refused("account_manager") == {"none_open", "settled", "requires.dispute_note"}
    walk.must("account_manager", c.CloseItem(list="disputes", item="1"), paper("dispute_note", settlement="sent"))
    walk.must("account_manager", buyer("dispute_settled", proof=True))
    walk.goes("account_manager", "delivery")


def test_a_month_before_the_warranty_ends_the_retention_money_is_invoiced() -> None:
    walk = at("collections", "retention")
    walk.must("finance", put(warranty_ends_on=walk.day(365)))
    walk.later(336)
    assert ("account_manager",) in told(walk.tick())
    assert "invoice_retention" in owed(walk)


def test_it_ends_by_itself_once_the_warranty_is_over_and_all_the_money_is_there() -> None:
    walk = at("collections", "retention")
    walk.must("finance", put(warranty_ends_on=walk.day(10)))
    walk.must("finance", paper("release_request", requested_on=walk.day()), buyer("retention_paid"))
    walk.must("finance", paper("payment", paid_in="36000", received_on=walk.day()))
    assert walk.deal.status == "open"
    walk.later(10)
    walk.tick()
    assert walk.deal.status == "completed"


def test_only_the_sales_manager_writes_money_off() -> None:
    walk = ready("collections", "advance")
    assert walk.refused("finance", c.Move(to="written_off", reason="insolvent")) == set()
    walk.must("sales_manager", c.Move(to="written_off", reason="insolvent"))
    assert (walk.deal.status, walk.deal.reason) == ("lost", "insolvent")
