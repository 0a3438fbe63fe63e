"""Criteria over accounts, tasks, every stakeholder and computed fields, met by the commands that they ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desk import Desk

ACCOUNT = """\
dealwright: "1"
record: account
version: 1.0.0
title: {en: Account, zh: 客户档案}
currency: CNY
by: [sales_rep]
roles: {sales_rep: {title: {en: Sales representative, zh: 销售代表}}}
fields: {segment: {type: choice, values: [key, normal], title: {en: Segment, zh: 细分}}}
"""
PROCESS = """\
dealwright: "1"
process: big
version: 1.0.0
title: {en: Big deals, zh: 大单}
type: b2b
currency: CNY
subject: account
roles: {sales_rep: {title: {en: Sales representative, zh: 销售代表}}}
fields:
  price: {type: money}
  cost: {type: money}
  margin_pct: {type: number, formula: profit / price * 100, title: {en: Margin, zh: 毛利率}}
  profit: {type: money, formula: price - cost}
  solution_map: {type: list, of: {stakeholder: {type: stakeholder}, outcome: {type: text}}}
tasks:
  site_survey: {title: {en: Site survey, zh: 现场勘察}, by: [sales_rep], due: 3d, optional: true}
stages:
  - id: talk
    title: {en: Talk, zh: 洽谈}
    phase: discover
    responsible: sales_rep
    tasks: [site_survey]
    exit_criteria:
      key: {condition: account.segment == "key", unmet: {en: Only key accounts, zh: 仅限重点客户}}
      margin: {condition: margin_pct >= 20, unmet: {en: The margin is too small, zh: 毛利率过低}}
      tailored:
        for_each: stakeholders
        if: influence >= 3
        condition: any(solution_map, stakeholder == entry and has(outcome))
        unmet: {en: Tailor an outcome to everybody of weight, zh: 为每位关键干系人准备对应成果}
      surveyed:
        condition: any(tasks, kind == "site_survey" and done)
        unmet: {en: Survey the site, zh: 请完成现场勘察}
  - {id: order, title: {en: Order, zh: 签单}, phase: close, responsible: sales_rep, wins: true}
outcomes:
  lost: {status: lost, reasons: [price, no_decision]}
"""
ME = "sales-rep-1"
ALL = ("key", "margin", "tailored", "surveyed")
FILLED = {"<price:money>": "120000", "<outcome:text>": "less waste"}


@pytest.fixture
def big(desk: Desk) -> Desk:
    """A deal of a normal account, with a user and the buyer's economist."""
    for name, text in (("account.record.yaml", ACCOUNT), ("big.process.yaml", PROCESS)):
        Path(desk.folder, "processes", name).write_text(text, encoding="utf-8")
    desk.ok("record", "add", "account", "--title", "Example Works", "--set", "segment=normal", as_=ME)
    desk.ok("deal", "open", "big", "--title", "Press line", "--subject", "account-1", as_=ME)
    desk.ok("deal", "set", "big-1", "--set", "price=100000", "--set", "cost=90000", as_=ME)
    desk.ok("stakeholder", "add", "big-1", "--set", "name=Pat Example", "--set", "influence=1", as_=ME)
    desk.ok("stakeholder", "add", "big-1", "--set", "name=Sam Example", "--set", "influence=4", as_=ME)
    return desk


def criteria(desk: Desk) -> dict[str, dict[str, Any]]:
    why = desk.ok("deal", "why", "big-1", "--to", "order", as_=ME)
    return {criterion["id"]: criterion for criterion in why["transitions"][0]["criteria"]}


def test_each_says_what_it_found_and_what_to_run(big: Desk) -> None:
    said = criteria(big)
    assert {name: said[name]["status"] for name in said} == dict.fromkeys(
        ("key", "margin", "tailored", "surveyed"), "unmet"
    )
    assert said["key"]["found"] == "normal"
    assert said["key"]["fix"]["command"] == [["dealwright", "record", "set", "account-1", "--set", "segment=key"]]
    assert said["margin"]["found"] == 10
    assert said["margin"]["fix"]["command"] == [["dealwright", "deal", "set", "big-1", "--set", "price=<price:money>"]]
    (failing,) = said["tailored"]["found"]["failing"]
    assert failing["status"] == "unmet"
    assert "Example" not in str(said["tailored"])
    (command,) = said["tailored"]["fix"]["command"]
    assert command[:6] == ["dealwright", "deal", "item", "add", "big-1", "solution_map"]
    assert f"stakeholder={failing['id']}" in command
    assert said["surveyed"]["fix"]["command"][0][:3] == ["dealwright", "task", "done"]


def test_what_they_ask_for_lets_the_deal_go_on(big: Desk) -> None:
    error = big.fails(1, "deal", "advance", "big-1", as_=ME)
    assert {criterion["id"] for criterion in error["details"]["criteria"]} == set(ALL)
    for criterion in criteria(big).values():
        for command in criterion["fix"]["command"]:
            big.ok(*(_filled(argument) for argument in command[1:]), as_=ME)
    assert {criterion["status"] for criterion in criteria(big).values()} == {"met"}
    assert big.ok("deal", "advance", "big-1", as_=ME)["deal"]["stage"] == "order"


def test_a_computed_field_is_shown_and_never_set(big: Desk) -> None:
    fields = big.ok("deal", "show", "big-1", as_=ME)["deal"]["fields"]
    assert fields["profit"] == {"amount": "10000.00", "currency": "CNY"}
    assert fields["margin_pct"] == 10
    big.fails(2, "deal", "set", "big-1", "--set", "profit=5", as_=ME)


def _filled(argument: str) -> str:
    for hole, value in FILLED.items():
        argument = argument.replace(hole, value)
    return argument
