"""Shipped processes beside each other in one workspace: records, follow-on deals, one live registration, templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from driving import Driver
from shipped_stories import wishes_of
from shipped_walk import SHIPPED, beginner, shipped

REGISTRATION = (
    "end_customer=Sample Works", "contact=office", "product=pump", "amount=300000", "close_date=+90d",
    "partner_added_value=local service", "submitted_on=today",
)  # fmt: skip


def sets(*pairs: str) -> list[str]:
    """`--set` before each."""
    return [part for pair in pairs for part in ("--set", pair)]


def account(desk: Desk, *pairs: str) -> None:
    desk.ok("record", "add", "account", "--title", "Sample Works", *sets(*pairs), as_="key-account-manager-1")


def registered(desk: Desk, number: str) -> str:
    """A registration of the same customer and product, brought to the conflict check."""
    opened = desk.ok("deal", "open", "channel", "--title", number, "--set", f"partner_id={number}", as_="partner-1")
    deal = opened["deal"]["id"]
    desk.ok("artifact", "add", deal, "deal_registration", *sets(*REGISTRATION), as_="partner-1")
    desk.ok("deal", "advance", deal, as_="partner-1")
    checked = sets("direct_deal_open=false", "rule=first_to_register", "decision=clear")
    desk.ok("artifact", "add", deal, "conflict_result", *checked, as_="channel-manager-1")
    return deal


def unmet(error: dict[str, Any]) -> set[str]:
    return {criterion["id"] for criterion in error["details"]["criteria"]}


def test_one_live_registration_of_a_customer_and_product_the_next_waits_until_it_is_gone(desk: Desk) -> None:
    first, second = registered(desk, "P-1"), registered(desk, "P-2")
    desk.ok("deal", "advance", first, as_="channel-manager-1")
    refused = desk.fails(1, "deal", "advance", second, as_="channel-manager-1")
    assert unmet(refused) == {"unique.live_registration"}
    desk.ok("deal", "lose", first, "--reason", "price", as_="partner-1")
    assert desk.ok("deal", "advance", second, as_="channel-manager-1")["deal"]["stage"] == "protected"


def test_our_own_deal_with_the_same_account_stands_in_the_way_of_a_registration(desk: Desk) -> None:
    account(desk)
    desk.ok("deal", "open", "b2b", "--title", "Sample Works", "--set", "account=account-1", as_="sales-rep-1")
    deal = registered(desk, "P-1")
    desk.ok("deal", "set", deal, "--set", "end_account=account-1", as_="channel-manager-1")
    assert unmet(desk.fails(1, "deal", "advance", deal, as_="channel-manager-1")) == {"no_direct_deal"}
    desk.ok("deal", "disqualify", "b2b-1", "--reason", "duplicate", as_="sales-rep-1")
    assert desk.ok("deal", "advance", deal, as_="channel-manager-1")["deal"]["stage"] == "protected"


def test_a_key_account_is_judged_by_its_record_and_shows_what_it_bought(desk: Desk) -> None:
    account(desk, "grade=A", "segment=enterprise", "preferred_channel=visit", "revenue=900000")
    opened = ("deal", "open", "key_account", "--title", "Sample Works", "--subject", "account-1")
    desk.ok(*opened, as_="key-account-manager-1")
    refused = unmet(desk.fails(1, "deal", "advance", "key_account-1", as_="key-account-manager-1"))
    assert {"carries", "tier"} <= refused
    better = sets("revenue=2000000", "key_tier=1")
    desk.ok("record", "set", "account-1", *better, as_="key-account-manager-1")
    refused = unmet(desk.fails(1, "deal", "advance", "key_account-1", as_="key-account-manager-1"))
    assert not {"carries", "tier"} & refused
    shown = desk.ok("record", "show", "account-1")
    assert [deal["id"] for deal in shown["deals"]] == ["key_account-1"]


def test_without_its_record_a_bound_deal_is_not_opened(desk: Desk) -> None:
    for name in SHIPPED:
        if shipped(name).subject:
            desk.fails(2, "deal", "open", name, "--title", "Nobody's", as_=f"{beginner(name).replace('_', '-')}-1")


def test_a_recommended_customer_becomes_a_deal_linked_to_the_one_it_came_from(desk: Desk) -> None:
    desk.ok("deal", "open", "flywheel", "--title", "Sample Works", as_="sales-rep-1")
    shown = grown(desk)
    [child] = shown["links"]
    assert child["kind"] == "follow_on"
    born = desk.ok("deal", "show", child["deal"])["deal"]
    assert (born["parent_deal"], born["title"], born["stage"]) == ("flywheel-1", "Example Mills", "identify")
    assert born["fields"]["source"] == "referral"
    assert born["owner"] == "sales-rep-1"  # by the rule of assignment
    assert shown["status"] == "won"


def grown(desk: Desk) -> dict[str, Any]:
    """The one flywheel deal brought to its last stage, and its customer's recommendation."""
    brought(desk, "flywheel", "spin")
    given = ("activity", "log", "flywheel-1", "referral_given", "--by", "buyer", "--contact", "s1")
    return desk.ok(*given, "--set", "company=Example Mills", as_="account-manager-1")["deal"]


def brought(desk: Desk, name: str, stage: str) -> None:
    """The first deal of a process brought to a stage by the advice of refusals."""
    driver = Driver(desk, desk.ok("process", "show", name)["process"], f"{name}-1", wishes_of(name))
    deal = desk.ok("deal", "show", f"{name}-1")["deal"]
    while deal["stage"] != stage:
        way = next(w for w in driver.why()["transitions"] if w["kind"] in ("advance", "win"))
        deal = driver.bring(deal, way)


def test_the_money_of_a_contract_is_collected_beside_the_deal_that_won_it(desk: Desk) -> None:
    account(desk, "buyer_kind=repeat")
    opened = ("deal", "open", "key_account", "--title", "Sample Works", "--subject", "account-1")
    desk.ok(*opened, as_="key-account-manager-1")
    brought(desk, "key_account", "deliver")
    money = desk.ok("deal", "show", "collections-1")["deal"]
    assert (money["parent_deal"], money["subject"], money["owner"]) == ("key_account-1", "account-1", "finance-1")
    assert money["fields"]["contract_amount"] == {"amount": "120000.00", "currency": "CNY"}
    assert {deal["id"] for deal in desk.ok("record", "show", "account-1")["deals"]} == {
        "key_account-1",
        "collections-1",
    }


def test_a_year_after_its_tier_was_set_a_partner_s_record_opens_the_review(desk: Desk) -> None:
    now = "2027-01-10T08:00:00Z"
    dated = sets("tier=silver", "tiered_on=2027-01-10")
    desk.ok("record", "add", "partner", "--title", "Alpha Trading", *dated, as_="channel-manager-1", now=now)
    desk.ok("tick", now="2027-12-31T08:00:00Z")
    assert desk.ok("deal", "list", "--process", "tier_review")["total"] == 0
    desk.ok("tick", now="2028-01-11T08:00:00Z")
    [review] = desk.ok("deal", "list", "--process", "tier_review")["deals"]
    assert (review["title"], review["subject"], review["owner"]) == ("Alpha Trading", "partner-1", "channel-manager-1")


def test_a_quarter_without_a_word_to_an_account_is_a_task(desk: Desk) -> None:
    now = "2027-01-10T08:00:00Z"
    desk.ok("record", "add", "account", "--title", "Sample Works", as_="account-manager-1", now=now)
    desk.ok("record", "set", "account-1", "--set", "last_contact=2027-03-01", as_="account-manager-1", now=now)
    desk.ok("tick", now="2027-04-20T08:00:00Z")
    assert desk.ok("record", "show", "account-1")["record"]["tasks"] == []
    desk.ok("tick", now="2027-06-02T08:00:00Z")
    assert [t["kind"] for t in desk.ok("record", "show", "account-1")["record"]["tasks"]] == ["get_in_touch"]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_process_is_a_template_to_begin_with(tmp_path: Path, name: str) -> None:
    desk = Desk(tmp_path / "acme")
    made = Desk(tmp_path).run("init", str(tmp_path / "acme"), "--template", name, "-o", "json")
    assert made.code == 0, made.err
    found = desk.ok("process", "validate")
    assert (found["ok"], found["warnings"]) == (True, 0)
    assert f"processes/{name}.process.yaml" in made.json["files"]


def test_init_tells_which_templates_there_are(tmp_path: Path) -> None:
    told = Desk(tmp_path).run("init", "--list-templates", "-o", "json")
    assert [one["id"] for one in told.json["templates"]] == list(SHIPPED)
    assert list(tmp_path.iterdir()) == []
    assert "六阶段销售流程" in Desk(tmp_path).run("init", "--list-templates", "--lang", "zh").out
