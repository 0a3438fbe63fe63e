"""The moves of the whole language through the command line: aside, by itself, locked, in time, over to another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from contract_shapes import DEAL, WHY, fits
from desk import Desk, make_workspace

PROCESS = """\
dealwright: "1"
process: works
version: 1.0.0
title: {en: Plant sales, zh: 设备销售}
type: b2b
currency: CNY
grade_factor: {A: 0.5, C: 2}
roles:
  rep: {title: {en: Representative, zh: 销售代表}}
  boss: {title: {en: Manager, zh: 经理}}
  director: {title: {en: Director, zh: 总监}}
  legal: {title: {en: Legal, zh: 法务}}
  ops: {title: {en: Operations, zh: 运营}}
fields:
  hard: {type: boolean}
  risky: {type: boolean}
  cleared: {type: boolean}
  pieces: {type: number}
  price: {type: money}
  amount: {type: money, formula: price * pieces}
  pains: {type: list, of: {text: {type: text, required: true}, impact: {type: number}, solved: {type: boolean}}}
events: {reply: {by: [buyer], title: {en: Reply, zh: 回复}}}
tasks:
  survey: {title: {en: Site survey, zh: 现场勘查}, by: [ops], due: 3d}
  report: {title: {en: Survey report, zh: 勘查报告}, by: [ops], after: [survey]}
artifacts:
  offer:
    by: [rep]
    fields: {text: {type: text, required: true}}
    approvals: [{by: boss, within: 2d, on_timeout: {escalate: [director]}}]
stages:
  - id: look
    title: {en: First look, zh: 初步了解}
    phase: qualify
    responsible: [rep]
    sla: [{if: amount >= 1000, exit: 20d}, {exit: 10d}]
    goal: {en: Know what hurts, zh: 了解痛点}
    forecast: pipeline
    buyer: {stage: awareness}
    tasks: [survey, report]
    exit_criteria:
      wanted:
        at_least: any
        of:
          replied: {condition: event(reply)}
          solved: {for_each: pains, if: impact >= 3, condition: solved}
        unmet: {en: Nothing shows that they want it, zh: 尚无迹象表明客户有意向}
        waivable_by: [boss]
  - {id: design, title: {en: Design, zh: 设计}, phase: propose, responsible: [rep], if: hard}
  - id: check
    title: {en: Risk check, zh: 风险审查}
    phase: negotiate
    responsible: [legal]
    detour: [look, price]
    exit_criteria: {cleared: {condition: cleared}}
  - id: price
    title: {en: Pricing, zh: 报价}
    phase: negotiate
    responsible: [rep]
    auto: true
    requires: [offer]
  - id: sign
    title: {en: Signing, zh: 签约}
    phase: close
    responsible: [rep]
    wins: true
    locked: true
    approvals: [{by: boss, four_eyes: true, within: 5d, on_timeout: reject, on_reject: {to: price, reason: too_dear}}]
  - id: hand
    title: {en: Handing over, zh: 交付}
    phase: deliver
    responsible: [ops]
    variants: {mail: {title: Mail, share: 1}, call: {title: Call, share: 1}}
outcomes:
  lost: {status: lost, reasons: [price, no_decision]}
"""
TEAM = """\
people:
  rep-1: {roles: [rep]}
  boss-1: {roles: [boss, rep]}
  boss-2: {roles: [boss]}
  director-1: {roles: [director]}
  legal-1: {roles: [legal]}
  ops-1: {roles: [ops]}
"""


class Run:
    """One deal of the process, moved by the people of the team on given days of March."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.day = 2
        opened = self.write("rep-1", "deal", "open", "works", "--title", "Northwind", "--set", "hard=false")
        self.id = opened["deal"]["id"]

    @property
    def now(self) -> str:
        return f"2026-03-{self.day:02}T09:00:00Z"

    def write(self, who: str, *argv: str) -> dict[str, Any]:
        return self.desk.ok(*argv, as_=who, now=self.now)

    def no(self, who: str, *argv: str) -> dict[str, Any]:
        return self.desk.fails(1, *argv, as_=who, now=self.now)["details"]

    def tick(self) -> list[str]:
        return [event["type"] for event in self.write("rep-1", "tick")["events"]]

    def deal(self) -> dict[str, Any]:
        return self.desk.ok("deal", "show", self.id, as_="rep-1", now=self.now)["deal"]

    def types(self) -> list[str]:
        return [event["type"] for event in self.desk.ok("deal", "history", self.id, as_="rep-1")["events"]]

    def to_pricing(self) -> None:
        for _ in ("survey", "report"):
            task = next(t for t in self.deal()["tasks"] if t["how"] is None)
            self.write("ops-1", "task", "done", self.id, task["id"])
        self.write("boss-1", "deal", "waive", self.id, "wanted", "--reason", "we know them")
        self.write("rep-1", "deal", "advance", self.id)

    def offer(self) -> dict[str, Any]:
        return self.write("rep-1", "artifact", "add", self.id, "offer", "--set", "text=so much")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(make_workspace(tmp_path / "acme", TEAM, works=PROCESS))


def test_a_deal_shows_its_tasks_forecast_and_formulas(run: Run) -> None:
    run.write("rep-1", "deal", "set", run.id, "--set", "price=250", "--set", "pieces=4")
    deal = run.deal()
    fits(DEAL, deal)
    assert deal["amount"] == deal["fields"]["amount"] == {"amount": "1000.00", "currency": "CNY"}
    assert (deal["forecast"], deal["buyer_stage"], deal["detour_from"], deal["variant"]) == (
        "pipeline", "awareness", None, None,
    )  # fmt: skip
    assert [(t["id"], t["kind"], t["due_at"]) for t in deal["tasks"]] == [("t1", "survey", "2026-03-05T09:00:00Z")]
    for past in ((), ("--at", run.now)):
        listed = run.desk.ok("deal", "list", *past, as_="rep-1", now=run.now)["deals"]
        assert [row["amount"] for row in listed] == [{"amount": "1000.00", "currency": "CNY"}]
    error = run.desk.fails(2, "deal", "set", run.id, "--set", "amount=5", as_="rep-1", now=run.now)
    assert error["kind"] == "usage"


def test_dates_go_by_case_and_grade(run: Run) -> None:
    def opened(*more: str) -> str:
        words = [word for setting in more for word in ("--set", setting)]
        return run.write("rep-1", "deal", "open", "works", "--title", "Another", *words)["deal"]["due_at"]

    assert opened() == "2026-03-12T09:00:00Z"
    assert opened("price=500", "pieces=2") == "2026-03-22T09:00:00Z"
    assert opened("grade=A") == "2026-03-07T09:00:00Z"
    assert opened("grade=C", "price=500", "pieces=2") == "2026-04-11T09:00:00Z"


def test_tasks_in_turn_and_any_of_two_criteria_keep_it_there(run: Run) -> None:
    shown = run.desk.ok("deal", "why", run.id, as_="rep-1", now=run.now)
    fits(WHY, shown)
    way = shown["transitions"][0]
    assert (way["kind"], way["to"]) == ("advance", "price")  # design does not apply
    assert {c["id"]: (c["status"], c["found"]) for c in way["criteria"]} == {
        "wanted": ("unknown", {"replied": "unmet", "solved": "unknown"}),
        "task.survey": ("unmet", "open"), "task.report": ("unmet", "waiting"),
    }  # fmt: skip
    assert way["criteria"][1]["fix"]["command"] == [["dealwright", "task", "done", run.id, "t1"]]
    refused = run.no("rep-1", "deal", "advance", run.id)
    assert {c["id"] for c in refused["criteria"]} == {"wanted", "task.survey", "task.report"}
    pain = ("--set", "text=noise", "--set", "impact=4", "--set", "solved=false")
    run.write("rep-1", "deal", "item", "add", run.id, "pains", *pain)
    run.write("rep-1", "deal", "item", "add", run.id, "pains", "--set", "text=dust", "--set", "impact=1")
    assert run.no("rep-1", "deal", "advance", run.id)["criteria"][0]["status"] == "unmet"
    run.write("rep-1", "deal", "item", "set", run.id, "pains", "1", "--set", "solved=true")
    assert {c["id"] for c in run.no("rep-1", "deal", "advance", run.id)["criteria"]} == {"task.survey", "task.report"}
    done = run.write("ops-1", "task", "done", run.id, "survey")
    assert [event["type"] for event in done["events"]] == ["task_closed", "task_added"]
    run.write("ops-1", "task", "skip", run.id, "report", "--reason", "the survey says it all")
    moved = run.write("rep-1", "deal", "advance", run.id)["events"][0]["data"]
    assert (moved["to"], moved["skipped"]) == ("price", ["design"])


def test_a_task_of_ones_own_is_kept_apart_from_the_log_and_stands_in_the_agenda(run: Run) -> None:
    words = ("--title", "Ring Robin Example", "--by", "boss", "--due", "2026-03-04", "--required")
    added = run.write("rep-1", "task", "add", run.id, *words)
    assert added["task"]["title"] == {"en": "Ring Robin Example", "zh": "Ring Robin Example"}
    raw = b"".join(path.read_bytes() for path in (run.desk.folder / ".dealwright").glob("store.db*"))
    assert b'"title":"Ring' not in raw  # only the table of personal values knows it
    run.day = 6
    items = run.desk.ok("agenda", "--person", "boss-1", now=run.now)["items"]
    assert [(i["kind"], i["due_at"], i["overdue"]) for i in items if i["kind"] == "task"] == [
        ("task", "2026-03-04T00:00:00Z", True),
    ]  # fmt: skip
    assert "task.t2" in {c["id"] for c in run.no("rep-1", "deal", "advance", run.id)["criteria"]}
    gone = run.write("rep-1", "privacy", "erase", run.id, "--reason", "they asked")
    assert gone["events"][0]["type"] == "personal_erased"
    assert run.desk.ok("task", "list", run.id, now=run.now)["tasks"][1]["title"] == {"en": None, "zh": None}


def test_aside_and_back(run: Run) -> None:
    before = run.deal()
    run.write("rep-1", "deal", "move", run.id, "--to", "check")
    aside = run.deal()
    assert (aside["stage"], aside["detour_from"], aside["due_at"]) == ("check", "look", None)
    ways = run.desk.ok("deal", "why", run.id, as_="legal-1", now=run.now)["transitions"]
    assert next((w["kind"], w["to"], w["allowed"]) for w in ways) == ("return", "look", False)
    run.day = 5
    run.write("legal-1", "deal", "set", run.id, "--set", "cleared=true")
    run.write("legal-1", "deal", "advance", run.id)
    after = run.deal()
    assert (after["stage"], after["detour_from"]) == ("look", None)
    assert after["entered_stage_at"] == before["entered_stage_at"]
    assert after["due_at"] == "2026-03-15T09:00:00Z"  # three days later, as it was away for three
    assert len(after["tasks"]) == 1


def test_an_automatic_stage_is_left_when_the_last_thing_is_there_and_a_locked_one_takes_only_answers(run: Run) -> None:
    run.to_pricing()
    assert run.offer()["artifact"]["status"] == "pending"
    answered = run.write("boss-1", "artifact", "approve", run.id, "offer")
    assert [(e["type"], e["actor"]) for e in answered["events"]] == [
        ("artifact_approved", "boss-1"), ("advanced", "system"),
    ]  # fmt: skip
    assert run.deal()["stage"] == "sign"
    for argv in (("set", "--set", "price=1"), ("advance",), ("lose", "--reason", "price"), ("assign", "boss-1")):
        refused = run.no("rep-1", "deal", argv[0], run.id, *argv[1:])
        assert refused["cause"] == "status"
    waiting = run.desk.ok("approval", "list", run.id, as_="rep-1", now=run.now)["approvals"]
    assert [(w["approval"], w["people"]) for w in waiting] == [("boss", ["boss-1", "boss-2"])]
    run.write("boss-2", "approval", "approve", run.id, "boss")
    won = run.write("rep-1", "deal", "advance", run.id)["deal"]
    assert (won["status"], won["forecast"]) == ("won", "closed")
    assert won["variant"] in ("mail", "call")


def test_four_eyes_keep_the_owner_out(run: Run) -> None:
    run.write("rep-1", "deal", "assign", run.id, "boss-1")
    run.to_pricing()
    run.offer()
    run.write("boss-2", "artifact", "approve", run.id, "offer")
    refused = run.no("boss-1", "approval", "approve", run.id, "boss")
    assert (refused["cause"], refused["roles"]) == ("role", ["boss"])
    assert run.desk.ok("approval", "list", run.id, now=run.now)["approvals"][0]["people"] == ["boss-2"]
    run.write("boss-2", "approval", "approve", run.id, "boss")


def test_what_nobody_answers_in_time_is_asked_of_others_then_rejected_and_sent_back(run: Run) -> None:
    run.to_pricing()
    run.offer()
    run.day = 4
    assert run.tick() == ["approval_escalated"]
    assert run.tick() == []
    assert run.desk.ok("approval", "list", run.id, now=run.now)["approvals"][0]["people"] == [
        "boss-1", "boss-2", "director-1",
    ]  # fmt: skip
    run.write("director-1", "artifact", "approve", run.id, "offer")
    assert run.deal()["stage"] == "sign"
    run.day = 9
    answered = run.write("rep-1", "tick")["events"]
    assert [(e["type"], e["data"].get("timed_out"), e["data"].get("reason")) for e in answered][:2] == [
        ("stage_rejected", True, None), ("regressed", None, "too_dear"),
    ]  # fmt: skip
    assert run.tick() == []


def test_every_move_is_told_in_both_languages_and_the_log_stays_whole(run: Run) -> None:
    run.write("rep-1", "deal", "move", run.id, "--to", "check")
    run.write("legal-1", "deal", "set", run.id, "--set", "cleared=true")
    run.write("legal-1", "deal", "advance", run.id)
    run.to_pricing()
    run.offer()
    run.day = 4
    run.tick()
    for lang, words in (
        ("en", ("sent aside from First look to Risk check", "came back from", "task t1 for Operations: Site survey",
                "passed on to Director: nobody answered in time")),
        ("zh", ("从“初步了解”转入“风险审查”", "返回“初步了解”", "任务 t1（运营）：现场勘查", "已上报总监")),
    ):  # fmt: skip
        told = run.desk.run("deal", "history", run.id, "--lang", lang, now=run.now).out
        assert all(word in told for word in words), told
        assert "_" not in "".join(told.splitlines()[2:])  # no bare name of an event
    assert run.desk.ok("deal", "verify", run.id)["ok"]
    assert run.desk.ok("store", "verify")["ok"]


def test_over_to_another_process_and_back_in_time(run: Run, tmp_path: Path) -> None:
    text = PROCESS.replace("process: works", "process: parts").replace("version: 1.0.0", "version: 3.0.0")
    text = text.replace("  hard: {type: boolean}\n", "").replace(", if: hard", "")
    text = text.replace("  risky: {type: boolean}\n", "  doubtful: {type: boolean, renamed_from: risky}\n")
    (run.desk.folder / "processes" / "parts.process.yaml").write_text(text, encoding="utf-8")
    run.write("rep-1", "deal", "set", run.id, "--set", "risky=true")
    run.day = 5
    words = ("deal", "transfer", run.id, "--to", "parts@3.0.0", "--reason", "spare parts only")
    dry = run.write("rep-1", *words, "--dry-run")
    assert run.deal()["process"] == "works"
    assert run.desk.fails(3, *words[:4], "parts@9.0.0", *words[5:], as_="rep-1", now=run.now)["kind"] == "not_found"
    assert run.no("legal-1", *words)["cause"] == "role"
    moved = run.write("rep-1", *words)
    assert moved["warnings"] == dry["warnings"] == ["left behind, as it does not fit there: hard"]
    deal = moved["deal"]
    assert (deal["process"], deal["process_version"], deal["fields"]["doubtful"]) == ("parts", "3.0.0", True)
    assert deal["due_at"] == "2026-03-15T09:00:00Z"
    assert moved["events"][0]["data"]["reason"] == "spare parts only"
    known = {p["id"]: p["source"] for p in run.desk.ok("process", "list")["processes"]}
    assert known["parts"] == "published"
    past = run.desk.ok("deal", "show", run.id, "--at", "2026-03-03", now=run.now)["deal"]
    assert (past["process"], past["fields"]["hard"]) == ("works", False)
    assert [d["process"] for d in run.desk.ok("deal", "list", "--at", "2026-03-03", now=run.now)["deals"]] == ["works"]
    assert run.desk.ok("deal", "list", "--process", "parts", now=run.now)["total"] == 1
    assert run.desk.ok("deal", "verify", run.id)["ok"]
    span = ("--from", "2026-03-01", "--to", "2026-04-01", "--by", "total")
    for process, row in (("works", (1, 1, 0)), ("parts", (1, 0, 1))):
        rows = run.desk.ok("report", "funnel", "--process", process, *span, now=run.now)["rows"]
        assert [(r["entered"], r["exited"], r["closing"]) for r in rows if r["stage"] == "look"] == [row]
    out = tmp_path / "log.jsonl"
    run.desk.ok("store", "export", "--format", "jsonl", "--out", str(out))
    other = make_workspace(tmp_path / "other", TEAM)
    other.ok("store", "import", str(out))
    assert other.ok("deal", "verify", run.id)["ok"]
    assert other.ok("deal", "show", run.id)["deal"]["process"] == "parts"
    other.ok("store", "recover", "--into", str(tmp_path / "saved.db"))
    run.write("ops-1", "task", "done", run.id, "survey")
    assert "task_added" in run.types()
