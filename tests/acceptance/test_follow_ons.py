"""Deals that open deals, and rules of uniqueness that refuse or warn."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from contract_world import SETTINGS
from desk import Desk, make_workspace

NOW = "2026-01-05T09:00:00Z"
HEAD = """\
dealwright: "1"
process: NAME
version: 1.0.0
title: {en: NAME, zh: NAME}
type: b2b
currency: CNY
roles: {rep: {title: Rep}, boss: {title: Boss}}
"""
STAGES = """\
stages:
  - {id: one, title: One, phase: qualify, responsible: [rep]}
  - {id: two, title: Two, phase: close, responsible: [rep], wins: true}
outcomes:
  lost: {status: lost, by: [rep], reasons: [price]}
"""
TEAM = "people: {rep-1: {roles: [rep]}, rep-2: {roles: [rep]}, boss-1: {roles: [boss]}}\n"


def process(name: str, body: str, stages: str = STAGES) -> str:
    return HEAD.replace("NAME", name) + body + stages


def world(folder: Path, **processes: str) -> Desk:
    return make_workspace(folder / "acme", TEAM, SETTINGS, **{k: process(k, v) for k, v in processes.items()})


def opened(desk: Desk, name: str, title: str = "Pumps", *more: str) -> str:
    done = desk.ok("deal", "open", name, "--title", title, *more, as_="rep-1", now=NOW)
    return str(done["deal"]["id"])


def happened(desk: Desk, *argv: str, now: str = NOW) -> list[tuple[str, str]]:
    return [(e["deal"], e["type"]) for e in desk.ok(*argv, as_="rep-1", now=now)["events"]]


def rows(desk: Desk) -> dict[str, list[Any]]:
    with sqlite3.connect(desk.folder / ".dealwright" / "store.db") as base:
        found = {
            name: base.execute(f'SELECT * FROM "{name}"').fetchall()
            for name in ("events", "deals", "definitions", "counters")
        }
    base.close()
    return found


GIVES = """\
fields: {size: {type: number}, label: {type: text}}
automations:
  next:
    upon: won
    then:
      open: {process: second, title: "Second of {{ label }}", set: {wanted: size, label: label}}
      set: {size: size + 1}
"""
WANTS = "fields: {wanted: {type: number, required: true, max: 5}, label: {type: text}}\n"


def test_a_follow_on_takes_values_and_both_know_each_other(tmp_path: Path) -> None:
    desk = world(tmp_path, first=GIVES, second=WANTS)
    deal = opened(desk, "first", "Pumps", "--set", "size=3", "--set", "label=valves", "--owner", "rep-2")
    assert happened(desk, "deal", "advance", deal) == [("first-1", "advanced")]
    assert happened(desk, "deal", "advance", deal) == [
        ("first-1", "won"), ("first-1", "completed"), ("first-1", "automation_fired"), ("first-1", "fields_set"),
        ("first-1", "deal_linked"), ("second-1", "opened"),
    ]  # fmt: skip
    second = desk.ok("deal", "show", "second-1", as_="rep-1", now=NOW)["deal"]
    assert second["fields"]["wanted"] == 4  # `set` comes before `open`, whatever the file's order
    assert (second["title"], second["owner"], second["parent_deal"]) == ("Second of valves", "rep-2", "first-1")


@pytest.mark.parametrize(
    ("size", "why"), [("7", "wanted must be ≤ 5, not 7"), ("", "1 criterion is not met: required.wanted")]
)
def test_a_follow_on_that_is_refused_leaves_the_deal_as_it_was_and_says_why(
    tmp_path: Path, size: str, why: str
) -> None:
    changed = GIVES.replace("set: {size: size + 1}", "notify: {to: [boss], text: x}")
    desk = world(tmp_path, first=changed, second=WANTS)
    deal = opened(desk, "first", "Pumps", "--set", f"size={size}", "--set", "label=valves")
    happened(desk, "deal", "advance", deal)
    done = desk.ok("deal", "advance", deal, as_="rep-1", now=NOW)
    assert done["deal"]["status"] == "completed"
    assert [e["type"] for e in done["events"]][-1] == "automation_fired"
    assert done["events"][-1]["data"]["failed"] == why
    assert desk.run("deal", "show", "second-1").code == 3
    assert desk.ok("deal", "show", deal)["deal"]["links"] == []
    assert desk.ok("store", "verify")["ok"]


def test_a_dry_run_shows_the_follow_on_and_writes_nothing_at_all(tmp_path: Path) -> None:
    desk = world(tmp_path, first=GIVES.replace("      set: {size: size + 1}\n", ""), second=WANTS)
    deal = opened(desk, "first", "Pumps", "--set", "size=3", "--set", "label=valves")
    happened(desk, "deal", "advance", deal)
    before = rows(desk)
    dry = happened(desk, "deal", "advance", deal, "--dry-run")
    assert ("second-1", "opened") in dry
    assert rows(desk) == before
    assert happened(desk, "deal", "advance", deal) == dry


def test_deals_that_open_each_other_stop_after_four_generations(tmp_path: Path) -> None:
    rule = "automations: {more: {upon: entered, stages: [one], then: {open: {process: NEXT}}}}\n"
    chain = {f"p{n}": rule.replace("NEXT", f"p{n + 1}") for n in range(6)}
    desk = world(tmp_path, **chain, p6="")
    done = desk.ok("deal", "open", "p0", "--title", "X", as_="rep-1", now=NOW)
    kinds = [(e["deal"], e["type"]) for e in done["events"] if e["type"] == "opened"]
    assert [deal for deal, _ in kinds] == ["p0-1", "p1-1", "p2-1", "p3-1", "p4-1"]
    assert done["events"][-1]["data"]["failed"] == "too many deals would open each other"


UNIQUE = """\
fields: {customer: {type: text}}
unique: {customer: {fields: [customer], on_conflict: MODE, title: {en: One deal per customer, zh: 每客户一单}}}
"""


def test_a_rule_that_refuses_keeps_others_from_taking_the_values(tmp_path: Path) -> None:
    desk = world(tmp_path, sale=UNIQUE.replace("MODE", "refuse"))
    first = opened(desk, "sale", "First", "--set", "customer=Pump Works")
    error = desk.fails(
        1, "deal", "open", "sale", "--title", "Second", "--set", "customer=Pump Works", as_="rep-1", now=NOW
    )
    assert error["details"]["cause"] == "criteria"
    assert error["details"]["criteria"][0]["found"] == [{"id": first, "title": "First", "stage": "one"}]
    second = opened(desk, "sale", "Second", "--set", "customer=Example Mills")
    error = desk.fails(1, "deal", "set", second, "--set", "customer=Pump Works", as_="rep-1", now=NOW)
    assert f"One deal per customer: there is another deal: {first} (First)" in error["message"]
    desk.ok("deal", "set", first, "--set", "customer=Pump Works", as_="rep-1", now=NOW)  # it may keep its own
    desk.ok("deal", "lose", first, "--reason", "price", as_="rep-1", now=NOW)
    desk.ok("deal", "set", second, "--set", "customer=Pump Works", as_="rep-1", now=NOW)
    error = desk.fails(1, "deal", "reopen", first, "--reason", "again", as_="rep-1", now=NOW)
    assert error["details"]["criteria"][0]["found"][0]["id"] == second


def test_a_rule_over_an_artifact_asks_when_it_is_recorded(tmp_path: Path) -> None:
    body = (
        "artifacts: {claim: {by: [rep], fields: {customer: {type: text}, product: {type: text}}}}\n"
        "unique: {claim: {fields: [claim.customer, claim.product], on_conflict: refuse}}\n"
    )
    desk = world(tmp_path, sale=body)
    first, second = (opened(desk, "sale", title) for title in ("First", "Second"))
    claim = ("--set", "customer=Pump Works", "--set", "product=P1")
    desk.ok("artifact", "add", first, "claim", *claim, as_="rep-1", now=NOW)
    assert desk.fails(1, "artifact", "add", second, "claim", *claim, as_="rep-1", now=NOW)["kind"] == "refused"
    desk.ok("artifact", "add", second, "claim", "--set", "customer=Pump Works", "--set", "product=P2", as_="rep-1")


def test_a_rule_that_warns_lets_it_pass_and_says_so(tmp_path: Path) -> None:
    body = UNIQUE.replace("on_conflict: MODE", "among: {from: two, to: two}, on_conflict: warn")
    desk = world(tmp_path, sale=body)
    first, second = (opened(desk, "sale", t, "--set", "customer=Pump Works") for t in ("First", "Second"))
    assert desk.ok("deal", "advance", first, as_="rep-1", now=NOW)["warnings"] == []
    done = desk.ok("deal", "advance", second, as_="rep-1", now=NOW)
    assert done["deal"]["stage"] == "two"
    assert [w.startswith("process unique.customer") for w in done["warnings"]] == [True]


def test_a_missing_value_is_unknown_and_says_how_to_give_it(tmp_path: Path) -> None:
    body = UNIQUE.replace("on_conflict: MODE", "among: {from: two, to: two}")
    desk = world(tmp_path, sale=body)
    deal = opened(desk, "sale")
    (criterion,) = desk.fails(1, "deal", "advance", deal, as_="rep-1", now=NOW)["details"]["criteria"]
    assert criterion["status"] == "unknown"
    assert criterion["fix"]["command"] == [["dealwright", "deal", "set", deal, "--set", "customer=<customer:text>"]]
    desk.ok("deal", "set", deal, "--set", "customer=Pump Works", as_="rep-1", now=NOW)
    assert desk.ok("deal", "advance", deal, as_="rep-1", now=NOW)["deal"]["stage"] == "two"


def test_new_deals_go_to_whoever_has_the_fewest(tmp_path: Path) -> None:
    body = "fields: {big: {type: boolean}}\nassignment: [{if: big, role: boss}, {role: rep, pick: fewest}]\n"
    desk = world(tmp_path, sale=body)
    owners = []
    for number in range(3):
        deal = opened(desk, "sale", f"No. {number}")
        owners.append(desk.ok("deal", "show", deal)["deal"]["owner"])
    assert owners == ["rep-1", "rep-2", "rep-1"]
    desk.ok("deal", "lose", "sale-1", "--reason", "price", as_="rep-1", now=NOW)
    desk.ok("deal", "lose", "sale-3", "--reason", "price", as_="rep-1", now=NOW)
    assert desk.ok("deal", "show", opened(desk, "sale", "Next"))["deal"]["owner"] == "rep-1"
    assert desk.ok("deal", "show", opened(desk, "sale", "Big", "--set", "big=true"))["deal"]["owner"] == "boss-1"


def test_a_deal_that_cannot_be_decided_does_not_keep_time_from_the_others(tmp_path: Path) -> None:
    body = "automations: {late: {after: 1d, then: {to: lost, reason: price}}}\n"
    desk = world(tmp_path, sale=body, asking=f"methodologies: [spin]\n{body}")
    settings = desk.folder / "dealwright.yaml"
    settings.write_text(SETTINGS + "plugins: [spin]\n", encoding="utf-8")
    for name in ("sale", "asking", "sale"):
        opened(desk, name)
    settings.write_text(SETTINGS, encoding="utf-8")
    answer = desk.run("tick", "-o", "json", as_="rep-1", now="2026-02-01")
    assert answer.code == 1
    assert [e["deal"] for e in answer.json["events"] if e["type"] == "lost"] == ["sale-1", "sale-2"]
    (problem,) = answer.json["problems"]
    assert problem["deal"] == "asking-1"
    assert "spin" in problem["message"]
    settings.write_text(SETTINGS + "plugins: [spin]\n", encoding="utf-8")
    assert [e["type"] for e in desk.ok("tick", as_="rep-1", now="2026-02-01")["events"]] == ["automation_fired", "lost"]


def test_a_transfer_meets_the_rules_of_the_process_that_it_goes_to(tmp_path: Path) -> None:
    desk = world(tmp_path, sale=UNIQUE.replace("MODE", "refuse"), other="fields: {customer: {type: text}}\n")
    opened(desk, "sale", "First", "--set", "customer=Pump Works")
    for title, customer in (("Second", "Pump Works"), ("Third", "Example Mills")):
        opened(desk, "other", title, "--set", f"customer={customer}")
    words = ("--to", "sale", "--reason", "belongs there")
    error = desk.fails(1, "deal", "transfer", "other-1", *words, as_="rep-1", now=NOW)
    assert error["details"]["criteria"][0]["found"][0]["id"] == "sale-1"
    done = desk.ok("deal", "transfer", "other-2", *words, as_="rep-1", now=NOW)
    assert done["deal"]["process"] == "sale"
    assert desk.ok("deal", "verify", "other-2")["ok"]


def test_a_deal_reads_what_became_of_those_that_it_opened(tmp_path: Path) -> None:
    first = (
        "related: {trials: {process: second, link: follow_on, pick: all}, last: {process: second, link: follow_on}}\n"
        "automations: {try: {upon: entered, stages: [one], then: {open: {process: second}}}}\n"
    )
    stages = STAGES.replace(
        "responsible: [rep]}",
        'responsible: [rep], exit_criteria: {tried: {condition: \'count(trials, status != "open") >= 1 '
        'and last.status == "lost"\', unmet: No trial is over}}}',
        1,
    )
    desk = make_workspace(
        tmp_path / "acme", TEAM, SETTINGS, first=process("first", first, stages), second=process("second", "")
    )
    deal = opened(desk, "first")
    assert desk.fails(1, "deal", "advance", deal, as_="rep-1", now=NOW)["details"]["criteria"][0]["id"] == "tried"
    desk.ok("deal", "lose", "second-1", "--reason", "price", as_="rep-1", now=NOW)
    assert desk.ok("deal", "advance", deal, as_="rep-1", now=NOW)["deal"]["stage"] == "two"
