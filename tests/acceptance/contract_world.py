"""A small process in which every kind of write has its place, and the team that works in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desk import Desk, make_workspace

PROCESS = """\
dealwright: "1"
process: gate
version: 1.0.0
title: {en: Gates, zh: 关口}
type: b2b
currency: CNY
roles:
  rep: {title: {en: Representative, zh: 销售代表}}
  boss: {title: {en: Manager, zh: 经理}}
  legal: {title: {en: Legal, zh: 法务}}
  desk: {title: {en: Order desk, zh: 商务}}
fields:
  fit: {type: choice, values: [good, bad]}
  size: {type: number, min: 1, max: 1000, title: {en: Size, zh: 规模}}
  strategic: {type: boolean}
  decided_on: {type: date}
  month: {type: month}
  met_at: {type: datetime}
  budget: {type: money}
  who: {type: person}
  champion: {type: stakeholder}
  remark: {type: text}
  secret: {type: text, personal: true}
  goal: {type: confirmation, by: buyer}
  sheet: {type: file}
  pains:
    type: list
    items: open_closed
    of: {text: {type: text, required: true}, impact: {type: money}, confirmed: {type: confirmation, by: buyer}}
events:
  reply: {by: [buyer], title: {en: Reply, zh: 回复}, fields: {tone: {type: choice, values: [warm, cold]}}}
  checked: {by: [rep], title: {en: Checked, zh: 已核对}}
artifacts:
  brief: {by: [rep], fields: {goal: {type: text, required: true}, budget: {type: money}}}
  visit: {by: [rep], many: true, fields: {summary: {type: text, required: true}}}
  contract: {by: [rep], file: required, approvals: [{by: legal}]}
stages:
  - id: first
    title: {en: First look, zh: 初步了解}
    phase: qualify
    responsible: [rep]
    sla: 5d
    stall: 9d
    follow_up: [1d, 3d]
    requires: [brief]
    skip_to: {sign: [boss]}
    exit_criteria:
      fits:
        condition: fit == "good"
        title: {en: Fits, zh: 匹配}
        unmet: {en: The account must fit, zh: 客户须匹配}
        waivable_by: [boss]
      replied:
        condition: event(reply)
        unmet: {en: The buyer has not replied, zh: 客户尚未回复}
      sized:
        condition: has(size)
        severity: warn
        unmet: {en: The size is not known, zh: 规模未知}
  - id: choose
    title: {en: Choice, zh: 选择}
    phase: propose
    responsible: [rep, boss]
    decision:
      ask: {en: Which way?, zh: 走哪条路？}
      branches:
        - {id: on, title: {en: On, zh: 继续}, to: sign}
        - {id: back, title: {en: Back, zh: 退回}, to: first, reason: unclear}
  - id: sign
    title: {en: Signing, zh: 签约}
    phase: close
    responsible: [rep]
    wins: true
    requires: [contract]
    approvals:
      - {id: terms, by: boss}
  - id: hand
    title: {en: Handing over, zh: 交付}
    phase: deliver
    responsible: [desk]
outcomes:
  lost: {status: lost, by: [rep, boss], reasons: {price: {en: Price, zh: 价格}, timing: {en: Timing, zh: 时机}}}
  disqualified: {status: disqualified, from: [first], reasons: [no_fit]}
"""
TEAM = """\
people:
  rep-1: {roles: [rep]}
  rep-2: {roles: [rep]}
  boss-1: {roles: [boss]}
  legal-1: {roles: [legal]}
  desk-1: {roles: [desk]}
  clerk-1: {roles: []}
"""
SETTINGS = """\
dealwright: "1"
allow_as: true
allow_now: true
"""
NOW = "2026-03-02T09:00:00Z"


def gate_desk(folder: Path, team: str = TEAM, settings: str = SETTINGS, **processes: str) -> Desk:
    """A workspace with the process `gate`."""
    return make_workspace(folder / "acme", team, settings, **{"gate": PROCESS, **processes})


def opened(desk: Desk, *more: str, title: str = "Northwind pumps", as_: str = "rep-1", now: str | None = NOW) -> str:
    """The id of a new deal."""
    deal: dict[str, Any] = desk.ok("deal", "open", "gate", "--title", title, *more, as_=as_, now=now)["deal"]
    return str(deal["id"])


def ready(desk: Desk, deal: str, now: str | None = NOW) -> None:
    """Everything that the first stage asks for."""
    desk.ok("deal", "set", deal, "--set", "fit=good", "--set", "size=5", as_="rep-1", now=now)
    desk.ok("artifact", "add", deal, "brief", "--set", "goal=less downtime", as_="rep-1", now=now)
    desk.ok("stakeholder", "add", deal, "--set", "name=Buyer One", "--set", "role=EB", as_="rep-1", now=now)
    desk.ok("activity", "log", deal, "reply", "--contact", "s1", as_="rep-1", now=now)


def at_signing(desk: Desk, now: str | None = NOW) -> str:
    """A deal at the stage that wins."""
    deal = opened(desk, now=now)
    ready(desk, deal, now)
    desk.ok("deal", "advance", deal, as_="rep-1", now=now)
    desk.ok("deal", "advance", deal, "--branch", "on", as_="rep-1", now=now)
    return deal


def signed(desk: Desk, deal: str, now: str | None = NOW) -> None:
    """Contract recorded and approved, terms approved."""
    paper = desk.folder / "contract.pdf"
    paper.write_bytes(b"signed by both\n")
    desk.ok("artifact", "add", deal, "contract", "--file", str(paper), as_="rep-1", now=now)
    desk.ok("artifact", "approve", deal, "contract", as_="legal-1", now=now)
    desk.ok("approval", "approve", deal, "terms", as_="boss-1", now=now)
