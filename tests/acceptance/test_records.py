"""Accounts and partners: records of their own that deals belong to, read and open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from relations_world import ACCOUNT, PROCESSES, relations_desk

NOW = "2026-01-05T09:00:00Z"
SALE = """\
dealwright: "1"
process: sale
version: 1.0.0
title: {en: Sale, zh: 销售}
type: b2b
currency: CNY
subject: account
roles: {rep: {title: {en: Sales representative, zh: 销售代表}}}
fields:
  reseller: {type: record, of: partner}
related:
  earlier: {process: sale, match: {subject: account}, if: status == "won" or status == "completed", pick: all}
stages:
  - id: qualify
    title: {en: Qualify, zh: 资格确认}
    phase: qualify
    responsible: [rep]
    exit_criteria:
      worth: {condition: 'account.grade in ["A", "B"]', unmet: {en: Grade A or B only, zh: 仅限A、B级客户}}
      tier:
        if: has(reseller)
        condition: reseller.tier == "gold"
        unmet: {en: Gold resellers only, zh: 仅限金牌伙伴}
  - id: offer
    title: {en: Offer, zh: 报价}
    phase: propose
    responsible: [rep]
    wins: true
    exit_criteria:
      first: {condition: count(earlier) < 1, unmet: {en: A customer already, zh: 已是客户}, severity: warn}
      little: {condition: 'sum(earlier, amount) <= 1000', unmet: {en: Bought too much, zh: 采购过多}}
outcomes:
  lost: {status: lost, by: [rep], reasons: [price]}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = relations_desk(tmp_path, sale=SALE)
    made.ok("record", "add", "account", "--title", "Pump Works", "--set", "grade=C", as_="rep-1", now=NOW)
    made.ok("record", "add", "partner", "--title", "Northwind Resale", "--set", "tier=silver", as_="desk-1", now=NOW)
    return made


def sell(desk: Desk, title: str = "Pumps", *more: str) -> str:
    done = desk.ok("deal", "open", "sale", "--title", title, "--subject", "Pump", *more, as_="rep-1", now=NOW)
    return str(done["deal"]["id"])


def unmet(desk: Desk, deal: str) -> dict[str, Any]:
    error = desk.fails(1, "deal", "advance", deal, as_="rep-1", now=NOW)
    return {criterion["id"]: criterion["found"] for criterion in error["details"]["criteria"]}


def test_a_record_is_kept_like_a_deal_and_told_apart_from_them(desk: Desk) -> None:
    done = desk.ok("record", "set", "Pump", "--set", "grade=B", as_="rep-1", now=NOW)
    assert (done["deal"]["id"], done["deal"]["fields"]["grade"]) == ("account-1", "B")
    desk.ok("deal", "item", "add", "account-1", "contacts", "--set", "channel=mail", as_="rep-1", now=NOW)
    desk.ok("activity", "log", "account-1", "call", "--note", "hello", as_="rep-1", now=NOW)
    desk.ok("deal", "set", "account-1", "--set", "segment=small", as_="rep-1", now=NOW)
    shown = desk.ok("record", "show", "account-1", as_="rep-1", now=NOW)["record"]
    assert (shown["fields"]["segment"], shown["fields"]["contacts"][0]["channel"]) == ("small", "mail")
    kinds = [event["type"] for event in desk.ok("record", "history", "Pump", as_="rep-1", now=NOW)["events"]]
    assert kinds == ["opened", "fields_set", "item_added", "activity_logged", "fields_set"]
    assert desk.ok("deal", "verify", "account-1", as_="rep-1", now=NOW)["ok"]
    assert desk.ok("deal", "list", as_="rep-1", now=NOW)["total"] == 0
    assert desk.ok("deal", "list", "--at", NOW, as_="rep-1", now=NOW)["total"] == 0
    assert desk.ok("deal", "list", "--process", "account", as_="rep-1", now=NOW)["total"] == 1
    listed = desk.ok("record", "list", as_="rep-1", now=NOW)
    assert [one["id"] for one in listed["records"]] == ["account-1", "partner-1"]
    assert desk.ok("record", "list", "partner", as_="rep-1", now=NOW)["total"] == 1
    assert [r["id"] for r in desk.ok("record", "list", "--offset", "1", "--limit", "1", as_="rep-1")["records"]] == [
        "partner-1"
    ]


def test_who_may_keep_a_record_and_what_is_no_record(desk: Desk) -> None:
    assert (
        desk.fails(1, "record", "add", "account", "--title", "X", as_="desk-1", now=NOW)["details"]["cause"] == "role"
    )
    assert "record add account" in desk.fails(2, "deal", "open", "account", "--title", "X", as_="rep-1")["message"]
    assert "deal open" in desk.fails(2, "record", "add", "sale", "--title", "X", as_="rep-1")["message"]
    desk.fails(3, "record", "add", "nothing", "--title", "X", as_="rep-1")
    desk.fails(2, "record", "list", "sale", as_="rep-1")
    deal = sell(desk)
    desk.fails(3, "record", "show", deal, as_="rep-1")


def test_a_deal_belongs_to_a_record_of_the_right_type(desk: Desk) -> None:
    assert "--subject" in desk.fails(2, "deal", "open", "sale", "--title", "X", as_="rep-1", now=NOW)["message"]
    desk.fails(3, "deal", "open", "sale", "--title", "X", "--subject", "nobody", as_="rep-1", now=NOW)
    desk.fails(2, "deal", "open", "sale", "--title", "X", "--subject", "partner-1", as_="rep-1", now=NOW)
    desk.fails(2, "deal", "open", "referral", "--title", "X", "--subject", "account-1", as_="desk-1", now=NOW)
    deal = sell(desk)
    assert desk.ok("deal", "show", deal, as_="rep-1", now=NOW)["deal"]["subject"] == "account-1"
    assert [d["id"] for d in desk.ok("deal", "list", "--subject", "Pump", as_="rep-1", now=NOW)["deals"]] == [deal]
    desk.ok("record", "add", "account", "--title", "Example Mills", as_="rep-1", now=NOW)
    assert desk.ok("deal", "list", "--subject", "Example", as_="rep-1", now=NOW)["total"] == 0


def test_criteria_read_the_record_as_it_is_now(desk: Desk) -> None:
    deal = sell(desk)
    assert unmet(desk, deal) == {"worth": "C"}
    desk.ok("record", "set", "account-1", "--set", "grade=", as_="rep-1", now=NOW)
    assert unmet(desk, deal) == {"worth": None}
    desk.ok("record", "set", "account-1", "--set", "grade=A", as_="rep-1", now=NOW)
    assert desk.ok("deal", "advance", deal, as_="rep-1", now=NOW)["deal"]["stage"] == "offer"


def test_a_field_holds_a_record_by_a_part_of_its_title(desk: Desk) -> None:
    desk.ok("record", "set", "account-1", "--set", "grade=A", as_="rep-1", now=NOW)
    deal = sell(desk, "Pumps", "--set", "reseller=northwind")
    assert desk.ok("deal", "show", deal, as_="rep-1", now=NOW)["deal"]["fields"]["reseller"] == "partner-1"
    assert unmet(desk, deal) == {"tier": "silver"}
    desk.fails(3, "deal", "set", deal, "--set", "reseller=nobody", as_="rep-1", now=NOW)
    desk.fails(2, "deal", "set", deal, "--set", "reseller=account-1", as_="rep-1", now=NOW)
    desk.ok("record", "set", "partner-1", "--set", "tier=gold", as_="desk-1", now=NOW)
    assert desk.ok("deal", "advance", deal, as_="rep-1", now=NOW)["deal"]["stage"] == "offer"


def test_the_purchase_history_is_read_by_people_and_by_criteria(desk: Desk) -> None:
    desk.ok("record", "set", "account-1", "--set", "grade=A", as_="rep-1", now=NOW)
    first = sell(desk, "First", "--set", "amount=800")
    for _ in range(2):
        desk.ok("deal", "advance", first, as_="rep-1", now=NOW)
    second = sell(desk, "Second", "--set", "amount=300", "--set", "reseller=partner-1")
    desk.ok("record", "set", "partner-1", "--set", "tier=gold", as_="desk-1", now=NOW)
    desk.ok("deal", "advance", second, as_="rep-1", now=NOW)
    won = desk.ok("deal", "advance", second, as_="rep-1", now=NOW)
    assert [warning.partition(":")[0] for warning in won["warnings"]] == ["process first"]
    third = sell(desk, "Third")
    desk.ok("deal", "advance", third, as_="rep-1", now=NOW)
    assert "little" in unmet(desk, third)
    history = desk.ok("record", "show", "Pump", as_="rep-1", now=NOW)["deals"]
    assert [(d["id"], d["by"], d["status"], d["amount"] and d["amount"]["amount"]) for d in history] == [
        (first, "subject", "completed", "800.00"), (second, "subject", "completed", "300.00"),
        (third, "subject", "open", None),
    ]  # fmt: skip
    assert [d["won_at"] for d in history] == [NOW, NOW, None]
    resold = desk.ok("record", "show", "partner-1", as_="rep-1", now=NOW)["deals"]
    assert [(d["id"], d["by"]) for d in resold] == [(second, "reseller")]
    page = desk.run("record", "show", "Pump", "--lang", "zh", as_="rep-1", now=NOW).out
    assert "Pump Works" in page
    assert "第" not in page


def test_an_archived_record_stays_readable(desk: Desk) -> None:
    deal = sell(desk)
    done = desk.ok("record", "archive", "Pump", as_="rep-1", now=NOW)
    assert done["deal"]["status"] == "completed"
    assert desk.ok("record", "list", "--status", "open", as_="rep-1", now=NOW)["total"] == 1
    assert unmet(desk, deal) == {"worth": "C"}
    assert desk.ok("record", "show", "Pump", as_="rep-1", now=NOW)["record"]["status"] == "completed"


def test_a_record_is_not_moved(desk: Desk) -> None:
    for words in (("advance",), ("hold", "--until", "+3d", "--reason", "x"), ("waive", "x", "--reason", "x")):
        error = desk.fails(1, "deal", words[0], "account-1", *words[1:], as_="rep-1", now=NOW)
        assert error["details"]["cause"] == "status"
    ways = desk.ok("deal", "why", "account-1", as_="rep-1", now=NOW)["transitions"]
    assert [(way["kind"], way["to"]) for way in ways] == [("complete", "archived")]


def test_a_title_that_a_deal_and_a_record_share_means_the_deal_where_a_deal_is_asked_for(desk: Desk) -> None:
    deal = sell(desk, "Pump Works 2026")
    assert desk.ok("deal", "show", "pump works", as_="rep-1", now=NOW)["deal"]["id"] == deal
    assert desk.ok("record", "show", "pump works", as_="rep-1", now=NOW)["record"]["id"] == "account-1"
    assert desk.ok("deal", "show", "account-1", as_="rep-1", now=NOW)["deal"]["id"] == "account-1"


def test_a_yearly_review_of_each_account_opens_by_itself(desk: Desk) -> None:
    assert desk.ok("tick", as_="rep-1", now="2027-01-04")["events"] == []
    dry = desk.ok("tick", "--dry-run", as_="rep-1", now="2027-01-06")
    assert [(e["deal"], e["type"]) for e in dry["events"]] == [
        ("account-1", "automation_fired"), ("account-1", "deal_linked"), ("review-1", "opened"),
    ]  # fmt: skip
    assert {e["position"] for e in dry["events"]} == {None}
    assert desk.run("deal", "show", "review-1", as_="rep-1").code == 3
    done = desk.ok("tick", as_="rep-1", now="2027-01-06")
    assert [(e["deal"], e["type"]) for e in done["events"]] == [(e["deal"], e["type"]) for e in dry["events"]]
    review = desk.ok("deal", "show", "review-1", as_="rep-1", now="2027-01-07")["deal"]
    assert (review["title"], review["subject"], review["parent_deal"], review["owner"]) == (
        "Yearly review", "account-1", "account-1", "rep-1",
    )  # fmt: skip
    assert desk.ok("tick", as_="rep-1", now="2027-06-01")["events"] == []
    again = desk.ok("tick", as_="rep-1", now="2028-01-06")["events"]
    assert ("review-2", "opened") in [(e["deal"], e["type"]) for e in again]
    assert [d["id"] for d in desk.ok("record", "show", "account-1", as_="rep-1")["deals"]] == ["review-1", "review-2"]


def test_a_workspace_without_records_has_none(tmp_path: Path) -> None:
    from desk import make_workspace
    from relations_world import SETTINGS, TEAM

    desk = make_workspace(tmp_path / "acme", TEAM, SETTINGS, review=PROCESSES["review"])
    assert desk.ok("record", "list", as_="rep-1")["records"] == []
    (desk.folder / "processes" / "account.record.yaml").write_text(ACCOUNT, encoding="utf-8")
    assert desk.ok("record", "list", "account", as_="rep-1")["total"] == 0
