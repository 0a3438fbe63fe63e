"""A small process with a way of every kind, and what it allows, said a second time as plain data."""

from __future__ import annotations

from pathlib import Path

from desk import make_workspace

PROCESS = """\
dealwright: "1"
process: play
version: 1.0.0
title: {en: Play, zh: 演练}
type: b2b
currency: CNY
roles:
  rep: {title: {en: Representative, zh: 销售代表}}
  boss: {title: {en: Manager, zh: 经理}}
  legal: {title: {en: Legal, zh: 法务}}
fields:
  fit: {type: choice, values: [good, bad]}
  price: {type: money}
  due: {type: date}
  secret: {type: text, personal: true}
events:
  reply: {by: [buyer], title: {en: Reply, zh: 回复}}
artifacts:
  brief: {by: [rep], fields: {goal: {type: text, required: true}}}
  contract: {by: [rep], fields: {sum: {type: money, required: true}}, approvals: [{by: legal}]}
stages:
  - id: look
    title: {en: Look, zh: 了解}
    phase: qualify
    responsible: [rep]
    sla: 5d
    requires: [brief]
    skip_to: {sign: [boss]}
    exit_criteria:
      fits: {condition: fit == "good", unmet: {en: It must fit, zh: 须匹配}, waivable_by: [boss]}
      replied: {condition: event(reply), unmet: {en: No reply yet, zh: 尚未回复}}
  - id: offer
    title: {en: Offer, zh: 报价}
    phase: propose
    responsible: [rep]
    back_to: [look]
    exit_criteria:
      priced: {condition: has(price), unmet: {en: No price, zh: 没有价格}, waivable_by: [boss]}
      again: {condition: event(reply), unmet: {en: No reply yet, zh: 尚未回复}}
  - {id: sign, title: {en: Sign, zh: 签约}, phase: close, responsible: [rep], back_to: [look, offer],
     requires: [contract], wins: true}
  - id: serve
    title: {en: Serve, zh: 服务}
    phase: deliver
    responsible: [rep]
    exit_criteria:
      dated: {condition: has(due), unmet: {en: No date, zh: 没有日期}}
outcomes:
  lost: {status: lost, by: [rep, boss], reasons: [price]}
  disqualified: {status: disqualified, from: [look], reasons: [no_fit]}
"""
TEAM = """\
people:
  rep-1: {roles: [rep]}
  rep-2: {roles: [rep]}
  boss-1: {roles: [boss]}
  legal-1: {roles: [legal]}
  clerk-1: {roles: []}
"""
SETTINGS = 'dealwright: "1"\nallow_as: true\n'
PEOPLE = ("rep-1", "rep-2", "boss-1", "legal-1", "clerk-1")

STAGES = ("look", "offer", "sign", "serve")
BACK = {"look": (), "offer": ("look",), "sign": ("look", "offer"), "serve": ()}
GATES = {
    "look": {"fits", "replied", "requires.brief"},
    "offer": {"priced", "again"},
    "sign": {"requires.contract", "approved.contract"},
    "serve": {"dated"},
}
WAIVABLE = {"fits", "priced"}
FORWARD = {
    ("advanced", "look", "offer"), ("skipped", "look", "sign"), ("advanced", "offer", "sign"), ("won", "sign", "serve"),
    ("completed", "serve", None),
}  # fmt: skip
GRAPH = (
    FORWARD
    | {("regressed", stage, to) for stage, targets in BACK.items() for to in targets}
    | {(kind, stage, stage) for kind in ("reopened",) for stage in STAGES[:3]}
    | {("lost", stage, None) for stage in STAGES[:3]}
    | {("disqualified", "look", None)}
)


def play_workspace(folder: Path) -> Path:
    """A workspace with this process alone."""
    return make_workspace(folder, TEAM, SETTINGS, play=PROCESS).folder
