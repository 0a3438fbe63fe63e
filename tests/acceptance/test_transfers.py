"""Deals carried over into processes that look at other deals."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk, make_workspace

LEAD = """\
dealwright: "1"
process: lead
version: 1.0.0
title: {en: Leads, zh: 线索}
type: b2c
currency: CNY
roles: {rep: {title: {en: Representative, zh: 销售代表}}}
fields:
  note: {type: text}
  who: {type: text}
  what: {type: text}
stages:
  - {id: raw, title: {en: Raw, zh: 新线索}, phase: qualify, responsible: [rep]}
  - {id: known, title: {en: Known, zh: 已确认}, phase: close, responsible: [rep], wins: true}
outcomes: {lost: {status: lost, reasons: [no_decision]}}
"""
SALE = """\
dealwright: "1"
process: sale
version: 1.0.0
title: {en: Sales, zh: 销售}
type: b2b
currency: CNY
roles: {rep: {title: {en: Representative, zh: 销售代表}}}
fields:
  customer: {type: text, renamed_from: who}
  product: {type: text, renamed_from: what}
related:
  others: {process: sale, match: {customer: customer}, pick: all, title: {en: Other deals, zh: 其他项目}}
unique:
  one: {fields: [customer, product], on_conflict: refuse, title: {en: One deal, zh: 唯一项目}}
stages:
  - id: start
    title: {en: Start, zh: 开始}
    phase: qualify
    responsible: [rep]
    renamed_from: raw
    entry_criteria: {few: {condition: 'count(others, status == "open") < 2'}}
  - {id: sign, title: {en: Sign, zh: 签约}, phase: close, responsible: [rep], wins: true}
outcomes: {lost: {status: lost, reasons: [no_decision]}}
"""
TEAM = "people: {rep-1: {roles: [rep]}}\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_workspace(tmp_path / "acme", TEAM, lead=LEAD, sale=SALE)


def lead(desk: Desk, who: str, what: str) -> str:
    words = ("--title", f"{who} {what}", "--set", f"who={who}", "--set", f"what={what}")
    return str(desk.ok("deal", "open", "lead", *words, as_="rep-1")["deal"]["id"])


def over(deal: str) -> tuple[str, ...]:
    return ("deal", "transfer", deal, "--to", "sale", "--reason", "real")


def test_what_it_is_there_is_held_against_the_others_there(desk: Desk) -> None:
    first = desk.ok(*over(lead(desk, "Northwind", "pump")), as_="rep-1")["deal"]
    assert first["fields"]["customer"] == "Northwind"
    same = lead(desk, "Northwind", "pump")
    error = desk.fails(1, *over(same), as_="rep-1")
    assert [c["id"] for c in error["details"]["criteria"]] == ["unique.one"]
    assert error["details"]["criteria"][0]["found"][0]["id"] == first["id"]
    desk.ok(*over(lead(desk, "Northwind", "valve")), as_="rep-1")
    error = desk.fails(1, *over(lead(desk, "Northwind", "seal")), as_="rep-1")
    assert [c["id"] for c in error["details"]["criteria"]] == ["few"]
    desk.ok(*over(lead(desk, "Southwind", "pump")), as_="rep-1")
    assert desk.ok("deal", "show", same)["deal"]["process"] == "lead"
    desk.ok("deal", "lose", first["id"], "--reason", "no_decision", as_="rep-1")
    desk.ok(*over(same), as_="rep-1")
    for row in desk.ok("deal", "list")["deals"]:
        assert desk.ok("deal", "verify", row["id"])["ok"]


def test_a_stage_that_is_not_there_has_to_be_named(desk: Desk) -> None:
    deal = lead(desk, "Northwind", "pump")
    desk.ok("deal", "advance", deal, as_="rep-1")  # to `known`, which `sale` does not know
    assert desk.fails(2, *over(deal), as_="rep-1")["kind"] == "usage"
    assert desk.ok(*over(deal), "--stage", "start", as_="rep-1")["deal"]["stage"] == "start"


def test_records_are_no_deals_and_nobody_goes_where_they_are(desk: Desk) -> None:
    deal = lead(desk, "Northwind", "pump")
    assert desk.fails(3, *over(deal)[:4], "nowhere", "--reason", "x", as_="rep-1")["kind"] == "not_found"
    assert desk.fails(2, *over(deal)[:4], "account", "--reason", "x", as_="rep-1")["kind"] == "usage"
    assert desk.fails(1, *over(deal)[:4], "lead", "--reason", "x", as_="rep-1")["details"]["cause"] == "transition"
