"""`--at`: the state of an instant, as it was shown then, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from contract_world import gate_desk, opened, ready
from desk import Desk, make_workspace

from dealwright.workspace import Workspace, shapes

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
TEAM = "people: {agent-1: {roles: [sales_agent]}}\n"
FUNNEL = ("report", "funnel", "--process", "gate", "--from", "2026-01-01", "--to", "2026-12-31")
SECOND = """
  - id: hand
    title: {en: Handing over, zh: 交付}
    phase: deliver
    responsible: [desk]
  - id: care
    title: {en: Care, zh: 维护}
    phase: retain
    responsible: [desk]
"""


@pytest.fixture
def gate(tmp_path: Path) -> Desk:
    return gate_desk(tmp_path)


def text(desk: Desk, *argv: str, now: str | None = None) -> str:
    answer = desk.run(*argv, "-o", "json", now=now)
    assert answer.code == 0, answer.out + answer.err
    return answer.out


def asked(desk: Desk, deal: str, now: str, *at: str) -> tuple[str, ...]:
    """What the three readers say of an instant."""
    return tuple(text(desk, *argv, *at, now=now) for argv in (("deal", "show", deal), ("deal", "list"), FUNNEL))


def a_life(desk: Desk) -> list[tuple[str, tuple[str, ...]]]:
    """Two deals through nearly every kind of write; after each, the instant and what was told then."""
    told = []

    def did(day: int, *argv: str, as_: str = "rep-1") -> None:
        now = f"2026-03-{day:02}T09:00:00Z"
        desk.ok(*argv, as_=as_, now=now)
        told.append((now, asked(desk, "gate-1", now)))

    opened(desk, "--set", "amount=12万")
    did(3, "deal", "open", "gate", "--title", "Harbour valves", "--set", "secret=met at a fair")
    ready(desk, "gate-1", "2026-03-04T09:00:00Z")
    did(5, "deal", "item", "add", "gate-1", "pains", "--set", "text=leaks")
    did(6, "deal", "hold", "gate-1", "--until", "2026-03-20", "--reason", "stocktaking")
    did(7, "deal", "resume", "gate-1")
    did(8, "deal", "advance", "gate-1")
    did(9, "deal", "move", "gate-1", "--to", "first", "--reason", "unclear again")
    did(10, "activity", "log", "gate-1", "reply", "--contact", "s1")
    did(11, "deal", "advance", "gate-1")
    did(12, "deal", "lose", "gate-2", "--reason", "price")
    did(13, "deal", "reopen", "gate-2", "--reason", "they called")
    did(14, "deal", "advance", "gate-1", "--branch", "on")
    did(15, "deal", "assign", "gate-2", "rep-2")
    return told


def test_every_instant_is_told_again_as_it_was_told_then(gate: Desk) -> None:
    told = a_life(gate)
    assert len({shown for _, (shown, _, _) in told}) > 8
    for now, then in told:
        assert asked(gate, "gate-1", "2026-06-01T00:00:00Z", "--at", now) == then, now


def test_the_latest_instant_is_the_present(gate: Desk) -> None:
    a_life(gate)
    assert asked(gate, "gate-1", "2026-06-01", "--at", "2026-06-01") == asked(gate, "gate-1", "2026-06-01")


def test_the_past_does_not_depend_on_the_hash_seed(gate: Desk) -> None:
    a_life(gate)
    questions = (("deal", "show", "gate-1"), ("deal", "list"), FUNNEL)
    for argv in questions:
        said = {seed: fresh(gate, seed, *argv, "--at", "2026-03-10T12:00:00Z") for seed in ("0", "1", "4711")}
        assert len(set(said.values())) == 1
        assert said["0"].decode() == text(gate, *argv, "--at", "2026-03-10T12:00:00Z")


def fresh(desk: Desk, seed: str, *argv: str) -> bytes:
    """What a process of its own prints."""
    call = [sys.executable, "-m", "dealwright", "--workspace", str(desk.folder), *argv, "-o", "json"]
    env = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(call, env=env, capture_output=True, check=True)
    return done.stdout


def test_before_its_opening_there_is_no_deal_whatever_was_told_of_earlier_days(gate: Desk) -> None:
    deal = opened(gate)
    gate.ok("activity", "log", deal, "call", "--at", "2026-02-20T10:00:00Z", as_="rep-1", now="2026-03-05T09:00:00Z")
    for at in ("2026-02-19", "2026-02-25", "2026-03-01", "2026-03-02T08:59:59Z"):
        assert gate.fails(3, "deal", "show", deal, "--at", at)["kind"] == "not_found"
        assert gate.ok("deal", "list", "--at", at)["total"] == 0
        assert all(row["entered"] == 0 for row in gate.ok(*FUNNEL, "--at", at)["rows"])


def test_a_backdated_activity_counts_from_when_it_happened(gate: Desk) -> None:
    deal = opened(gate)
    gate.ok("stakeholder", "add", deal, "--set", "name=Buyer One", as_="rep-1", now="2026-03-03T09:00:00Z")
    now = "2026-03-09T09:00:00Z"
    gate.ok("activity", "log", deal, "reply", "--contact", "s1", "--at", "2026-03-05T10:00:00Z", as_="rep-1", now=now)
    with Workspace.find(gate.folder) as ws:
        facts = [
            [fact.kind for fact in ws.load(deal, ws.moment_asked(at))[1].facts]
            for at in ("2026-03-05T09:59:59Z", "2026-03-05T10:00:00Z", "2026-03-06")
        ]
    assert facts == [[], ["reply"], ["reply"]]


def test_a_bare_date_means_the_end_of_that_day_and_not_the_next_midnight(gate: Desk) -> None:
    deal = opened(gate, now="2026-03-03T00:00:00Z")
    assert gate.fails(3, "deal", "show", deal, "--at", "2026-03-02")["kind"] == "not_found"
    assert gate.ok("deal", "show", deal, "--at", "2026-03-03")["deal"]["id"] == deal


def test_a_later_version_of_the_process_does_not_show_in_the_past(gate: Desk) -> None:
    deal = opened(gate)
    before = asked(gate, deal, "2026-03-02T10:00:00Z")
    file = gate.folder / "processes" / "gate.process.yaml"
    newer = file.read_text(encoding="utf-8").replace("version: 1.0.0", "version: 2.0.0")
    start = newer.index("  - id: hand")
    newer = newer[:start] + SECOND.lstrip("\n") + newer[newer.index("outcomes:") :]
    file.write_text(newer.replace("First look", "A look"), encoding="utf-8")
    gate.ok("process", "publish", str(file), as_="rep-1", now="2026-03-03T09:00:00Z")
    later = opened(gate, now="2026-03-04T09:00:00Z")
    assert gate.ok("deal", "show", later)["deal"]["process_version"] == "2.0.0"
    assert "care" in text(gate, *FUNNEL)
    assert asked(gate, deal, "2026-03-05T09:00:00Z", "--at", "2026-03-02T10:00:00Z") == before


def test_filters_and_pages_of_a_past_list_are_those_of_the_past(gate: Desk) -> None:
    a_life(gate)
    at = ("--at", "2026-03-12T12:00:00Z")

    def ids(*more: str) -> tuple[int, list[str]]:
        listed = gate.ok("deal", "list", *at, *more)
        return listed["total"], [deal["id"] for deal in listed["deals"]]

    assert ids("--status", "lost") == (1, ["gate-2"])
    assert ids("--stage", "choose") == (1, ["gate-1"])
    assert ids("--owner", "rep-2") == (0, [])
    assert ids("--process", "gate", "--limit", "1", "--offset", "1") == (2, ["gate-2"])
    assert ids("--process", "other") == (0, [])


def test_an_undated_move_counts_from_its_import(tmp_path: Path) -> None:
    crm = make_workspace(tmp_path / "crm", TEAM, maven=(EXAMPLES / "maven.process.yaml").read_text(encoding="utf-8"))
    file = tmp_path / "pipeline.csv"
    file.write_text(
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
        "D4,rep b,GTX Basic,Acme,Prospecting,,,\n", encoding="utf-8",
    )  # fmt: skip
    (tmp_path / "products.csv").write_text("product\nGTX Basic\n", encoding="utf-8")
    (tmp_path / "accounts.csv").write_text("account\nAcme\n", encoding="utf-8")
    argv = ("import", "deals", str(file), "--map", str(EXAMPLES / "maven.map.yaml"))
    crm.ok(*argv, as_="agent-1", now="2026-03-05T09:00:00Z")
    funnel = ("report", "funnel", "--process", "maven", "--from", "2016-01-01", "--to", "2017-01-01", "--by", "total")
    assert crm.ok(*funnel)["undated"] == 1
    assert crm.ok(*funnel, "--at", "2026-03-04")["undated"] == 0
    assert crm.ok(*funnel, "--at", "2026-03-05")["undated"] == 1


def test_a_list_straight_from_the_documents_is_the_list_of_the_deals(gate: Desk) -> None:
    a_life(gate)
    gate.ok("deal", "hold", "gate-2", "--until", "2026-04-20", "--reason", "ill", as_="rep-2", now="2026-04-01")
    gate.ok("deal", "lose", "gate-1", "--reason", "price", as_="rep-1", now="2026-04-01")
    with Workspace.find(gate.folder) as ws:
        for document in ws.store.deals()[1]:
            program, deal = ws.load(document["id"])
            assert shapes.brief_of(program, document) == shapes.deal_brief(program, deal)
