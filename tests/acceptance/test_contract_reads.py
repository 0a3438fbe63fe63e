"""Every reading command of the contract: its shape, its filters, its past, its languages and output forms."""

from __future__ import annotations

import csv
import io
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from contract_shapes import (
    ACTIVITY,
    AGENDA,
    ARTIFACT,
    BRIEF,
    DEAL,
    DOCTOR,
    EVENT,
    FUNNEL,
    PLUGINS,
    STORE_INFO,
    STORE_VERIFIED,
    VERIFIED,
    WHY,
    Shape,
    fits,
    one_of,
)
from contract_world import NOW, at_signing, gate_desk, opened, ready, signed
from desk import Desk


@pytest.fixture
def gate(tmp_path: Path) -> Desk:
    return gate_desk(tmp_path)


def chinese(text: str) -> bool:
    return any("一" <= letter <= "鿿" for letter in text)


# Every reading command with the shape of its JSON; {deal} is a deal at the signing stage.
READS: dict[str, Any] = {
    "deal list": Shape(v=one_of(1), total=one_of(1), deals=[BRIEF]),
    "deal show {deal}": Shape(v=one_of(1), deal=DEAL),
    "deal why {deal}": WHY,
    "deal history {deal}": Shape(v=one_of(1), deal=one_of("gate-1"), events=[EVENT]),
    "deal verify {deal}": VERIFIED,
    "artifact list {deal}": Shape(v=one_of(1), deal=one_of("gate-1"), artifacts=[ARTIFACT]),
    "artifact show {deal} brief": Shape(v=one_of(1), deal=one_of("gate-1"), artifacts=[ARTIFACT]),
    "approval list {deal}": Shape(v=one_of(1), deal=one_of("gate-1")),
    "activity list {deal}": Shape(v=one_of(1), deal=one_of("gate-1"), activities=[ACTIVITY]),
    "stakeholder list {deal}": Shape(v=one_of(1), deal=one_of("gate-1"), stakeholders=[Shape(id=one_of("s1"))]),
    "agenda": AGENDA,
    "report funnel --process gate --from 2026-03-01 --to 2026-04-01": FUNNEL,
    "store info": STORE_INFO,
    "store verify": STORE_VERIFIED,
    "plugin list": PLUGINS,
    "doctor": DOCTOR,
}


@pytest.mark.parametrize("command", READS)
def test_the_shape_holds_in_every_form_and_language(gate: Desk, command: str) -> None:
    words = command.format(deal=at_signing(gate)).split()
    seen = gate.ok(*words, as_="rep-1", now=NOW)
    fits(READS[command], seen)
    assert seen["v"] == 1
    as_yaml = gate.run(*words, "-o", "yaml", as_="rep-1", now=NOW)
    assert as_yaml.code == 0
    fits(READS[command], json.loads(json.dumps(yaml.safe_load(as_yaml.out))))
    as_csv = gate.run(*words, "-o", "csv", as_="rep-1", now=NOW)
    assert as_csv.code == 0
    table = list(csv.reader(io.StringIO(as_csv.out)))
    assert table == [] or {len(row) for row in table} == {len(table[0])}
    in_chinese = gate.run(*words, "--lang", "zh", as_="rep-1", now=NOW)
    in_english = gate.run(*words, as_="rep-1", now=NOW)
    assert (in_chinese.code, in_english.code) == (0, 0)
    assert chinese(in_chinese.out)
    assert not chinese(in_english.out)


def test_why_lists_every_way_with_met_criteria_too_and_ends_with_0(gate: Desk) -> None:
    deal = opened(gate)
    why = gate.ok("deal", "why", deal, as_="rep-1", now=NOW)
    ways = {(w["kind"], w["to"]): w for w in why["transitions"]}
    assert set(ways) == {
        ("advance", "choose"), ("skip", "sign"), ("lose", "lost"), ("disqualify", "disqualified"), ("hold", None),
    }  # fmt: skip
    assert ways["advance", "choose"]["allowed"] is False
    assert ways["advance", "choose"]["actor_may"] is True
    assert ways["skip", "sign"]["actor_may"] is False
    assert ways["skip", "sign"]["roles"] == ["boss"]
    gate.ok("deal", "set", deal, "--set", "fit=good", as_="rep-1", now=NOW)
    only = gate.ok("deal", "why", deal, "--to", "choose", as_="rep-1", now=NOW)["transitions"]
    assert {c["id"]: c["status"] for c in only[0]["criteria"]}["fits"] == "met"
    assert gate.ok("deal", "why", deal, "--to", "hand", as_="rep-1", now=NOW)["transitions"] == []
    assert gate.run("deal", "why", deal, "--to", "hand", as_="rep-1", now=NOW).code == 0
    assert gate.fails(2, "deal", "why", deal, "--to", "chose", as_="rep-1", now=NOW)["kind"] == "usage"


def test_why_speaks_the_language_asked_for(gate: Desk) -> None:
    deal = opened(gate)
    why = gate.ok("deal", "why", deal, "--to", "choose", "--lang", "zh", as_="rep-1", now=NOW)["transitions"][0]
    assert all(chinese(c["text"]) and chinese(c["expected"]) for c in why["criteria"])
    (gate.folder / "dealwright.yaml").write_text(
        'dealwright: "1"\nlanguage: zh\nallow_as: true\nallow_now: true\n', encoding="utf-8"
    )
    again = gate.ok("deal", "why", deal, "--to", "choose", as_="rep-1", now=NOW)["transitions"][0]
    assert again == why
    assert chinese(gate.run("deal", "shwo", deal).err)


def test_deals_are_filtered_counted_and_paged(gate: Desk) -> None:
    for number in range(5):
        opened(gate, title=f"Deal {number}")
    gate.ok("deal", "lose", "gate-2", "--reason", "price", as_="rep-1", now=NOW)
    gate.ok("deal", "assign", "gate-3", "rep-2", as_="rep-1", now=NOW)

    def ids(*words: str) -> tuple[int, list[str]]:
        found = gate.ok("deal", "list", *words)
        return found["total"], [d["id"] for d in found["deals"]]

    assert ids() == (5, [f"gate-{n}" for n in range(1, 6)])
    assert ids("--status", "lost") == (1, ["gate-2"])
    assert ids("--owner", "rep-2") == (1, ["gate-3"])
    assert ids("--limit", "2", "--offset", "1") == (5, ["gate-2", "gate-3"])
    assert ids("--stage", "first", "--status", "open")[0] == 4
    assert ids("--process", "other") == (0, [])
    assert ids("--at", "2026-03-01") == (0, [])
    assert ids("--at", NOW, "--status", "open") == (4, ["gate-1", "gate-3", "gate-4", "gate-5"])
    assert gate.fails(2, "deal", "list", "--status", "opne")["kind"] == "usage"
    assert gate.fails(2, "deal", "list", "--limit", "-1")["kind"] == "usage"


def test_history_is_filtered_by_type_and_time(gate: Desk) -> None:
    deal = opened(gate)
    for day, value in (("2026-03-03", "2"), ("2026-03-04", "3"), ("2026-03-05", "4")):
        gate.ok("deal", "set", deal, "--set", f"size={value}", as_="rep-1", now=f"{day}T10:00:00Z")

    def seqs(*words: str) -> list[int]:
        return [e["seq"] for e in gate.ok("deal", "history", deal, *words)["events"]]

    assert seqs() == [1, 2, 3, 4]
    assert seqs("--type", "fields_set") == [2, 3, 4]
    assert seqs("--since", "2026-03-04") == [3, 4]
    assert seqs("--until", "2026-03-04") == [1, 2, 3]  # a bare date as an end means the end of that day
    assert seqs("--until", "2026-03-04T00:00:00Z") == [1, 2]
    assert seqs("--since", "2026-03-03T10:00:00Z", "--until", "2026-03-04T10:00:00Z") == [2]
    assert gate.fails(2, "deal", "history", deal, "--type", "field_set")["kind"] == "usage"


def test_the_log_is_gapless_chained_and_keeps_who_acted_and_who_typed(gate: Desk) -> None:
    first, second = opened(gate), opened(gate, title="Other")
    gate.ok("deal", "set", first, "--set", "fit=good", as_="rep-2", now=NOW)
    events = [e for deal in (first, second) for e in gate.ok("deal", "history", deal)["events"]]
    assert sorted(e["position"] for e in events) == [1, 2, 3]
    mine = gate.ok("deal", "history", first)["events"]
    assert [e["seq"] for e in mine] == [1, 2]
    assert mine[0]["prev_hash"] == "0" * 64
    assert mine[1]["prev_hash"] == mine[0]["hash"]
    assert mine[1]["actor"] == "rep-2"
    assert mine[1]["recorded_by"] == mine[0]["recorded_by"] != "rep-2"
    assert mine[1]["role"] == "rep"
    assert mine[1]["at"] == NOW != mine[1]["recorded_at"]
    assert gate.ok("deal", "verify", first)["head"] == mine[1]["hash"]


def test_a_deal_is_shown_as_it_was(gate: Desk) -> None:
    deal = opened(gate)
    ready(gate, deal, "2026-03-03T09:00:00Z")
    gate.ok("deal", "advance", deal, as_="rep-1", now="2026-03-04T09:00:00Z")
    past = gate.ok("deal", "show", deal, "--at", "2026-03-02")["deal"]
    fits(DEAL, past)
    assert (past["stage"], past["version"], past["fields"]["fit"]) == ("first", 1, None)
    assert gate.ok("deal", "show", deal, "--at", "2026-03-03")["deal"]["version"] == 5
    assert gate.ok("deal", "show", deal, "--at", "2026-03-04T08:59:59Z")["deal"]["stage"] == "first"
    assert gate.ok("deal", "show", deal, "--at", "2026-03-04T09:00:00Z")["deal"]["stage"] == "choose"
    assert gate.ok("deal", "show", deal, "--at", "2030-01-01") == gate.ok("deal", "show", deal)
    assert gate.fails(3, "deal", "show", deal, "--at", "2026-03-01")["kind"] == "not_found"
    assert gate.fails(2, "deal", "show", deal, "--at", "soon")["kind"] == "usage"


def test_a_deal_is_named_by_id_external_id_or_a_part_of_one_title(gate: Desk) -> None:
    opened(gate, "--external-id", "CRM-77", title="Northwind pumps")
    opened(gate, title="Northwind valves")
    opened(gate, title="华东水务 泵站")

    def found(text: str) -> str:
        return str(gate.ok("deal", "show", text)["deal"]["id"])

    assert found("gate-2") == "gate-2"
    assert found("CRM-77") == "gate-1"
    assert found("VALVES") == "gate-2"
    assert found("水务") == "gate-3"
    error = gate.fails(2, "deal", "show", "northwind")
    assert error["kind"] == "usage"
    assert "gate-1" in json.dumps(error["details"])
    assert "gate-2" in json.dumps(error["details"])
    text = gate.run("deal", "show", "northwind").err
    assert "gate-1" in text
    assert "gate-2" in text
    assert gate.fails(3, "deal", "show", "southwind")["kind"] == "not_found"


def test_the_agenda_shows_dates_and_approvals_by_person_and_day(gate: Desk) -> None:
    deal = opened(gate, "--set", "grade=A")
    signing = at_signing(gate)
    paper = gate.folder / "contract.pdf"
    paper.write_bytes(b"x")
    gate.ok("artifact", "add", signing, "contract", "--file", str(paper), as_="rep-1", now=NOW)
    held = opened(gate, title="Waiting")
    gate.ok("deal", "hold", held, "--until", "2026-03-20", "--reason", "budget", as_="rep-1", now=NOW)
    seen = gate.ok("agenda", now=NOW)
    fits(AGENDA, seen)
    assert [i["kind"] for i in seen["items"] if i["deal"] == deal] == ["follow_up", "sla", "stall"]
    follow_up = next(i for i in seen["items"] if i["deal"] == deal and i["kind"] == "follow_up")
    assert follow_up["form"] == "brief"
    assert (follow_up["person"], follow_up["grade"], follow_up["overdue"]) == ("rep-1", "A", False)
    assert follow_up["due_at"] == "2026-03-03T09:00:00Z"
    assert {i["kind"] for i in seen["items"] if i["deal"] == held} == {"hold"}
    assert {i["person"] for i in seen["items"] if i["kind"] == "approval"} == {"legal-1", "boss-1"}
    assert {i["kind"] for i in gate.ok("agenda", "--person", "legal-1", now=NOW)["items"]} == {"approval"}
    until = gate.ok("agenda", "--until", "2026-03-03", now=NOW)["items"]
    assert {i["kind"] for i in until} == {"follow_up", "approval"}
    late = gate.ok("agenda", now="2026-03-08T00:00:00Z")["items"]
    assert [i["overdue"] for i in late if i["kind"] == "sla" and i["deal"] == deal] == [True]


@pytest.mark.parametrize("by", ["month", "quarter", "total"])
def test_the_funnel_reconciles(gate: Desk, by: str) -> None:
    deal = at_signing(gate, "2026-01-10T09:00:00Z")
    opened(gate, title="Second", now="2026-02-01T09:00:00Z")
    signed(gate, deal, "2026-02-10T09:00:00Z")
    gate.ok("deal", "advance", deal, as_="rep-1", now="2026-02-11T09:00:00Z")
    gate.ok("deal", "lose", "gate-2", "--reason", "price", as_="rep-1", now="2026-03-01T00:00:00Z")
    words = ("--process", "gate", "--from", "2026-01-01", "--to", "2026-07-01", "--by", by)
    funnel = gate.ok("report", "funnel", *words)
    fits(FUNNEL, funnel)
    assert (funnel["reconciled"], funnel["undated"], funnel["by"]) == (True, 0, by)
    for row in funnel["rows"]:
        assert row["opening"] + row["entered"] - row["exited"] == row["closing"]
    by_stage: dict[str, list[dict[str, Any]]] = {}
    for row in funnel["rows"]:
        by_stage.setdefault(row["stage"], []).append(row)
    assert list(by_stage) == ["first", "choose", "sign", "hand"]
    for rows in by_stage.values():
        assert all(a["closing"] == b["opening"] and a["to"] == b["from"] for a, b in pairwise(rows))
    totals = {stage: (sum(r["entered"] for r in rows), rows[-1]["closing"]) for stage, rows in by_stage.items()}
    assert totals == {"first": (2, 0), "choose": (1, 0), "sign": (1, 0), "hand": (1, 1)}
    if by == "month":  # periods are half-open: what happened at midnight of 1 March is March's
        march = next(r for r in by_stage["first"] if r["from"] == "2026-03-01")
        assert (march["opening"], march["exited"]) == (1, 1)
    assert gate.fails(2, "report", "funnel", "--process", "gate", "--from", "2026-02-01", "--to", "2026-01-01")
    assert gate.fails(2, "report", "funnel", "--process", "gate", "--from", "2026-01-01", "--to", "9999-12-31")
    assert gate.fails(3, "report", "funnel", "--process", "none", "--from", "2026-01-01", "--to", "2026-02-01")


def test_plugins_are_listed_with_their_state_and_a_blocked_one_has_no_hooks(gate: Desk) -> None:
    blocked = gate.ok("plugin", "list")
    fits(PLUGINS, blocked)
    spin = next(p for p in blocked["plugins"] if p["name"] == "spin")
    assert (spin["state"], spin["hooks"], spin["distribution"]) == ("blocked", None, "dealwright")
    settings = gate.folder / "dealwright.yaml"
    settings.write_text('dealwright: "1"\nplugins: [spin, nosuch]\n', encoding="utf-8")
    allowed = {p["name"]: p for p in gate.ok("plugin", "list")["plugins"]}
    assert allowed["spin"]["state"] == "active"
    assert allowed["spin"]["hooks"]
    assert (allowed["nosuch"]["state"], allowed["nosuch"]["version"]) == ("missing", None)


def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(gate: Desk) -> None:
    names = {c["name"] for c in gate.ok("doctor", as_="rep-1")["checks"]}
    assert {"workspace", "team", "processes", "store", "plugins", "clock", "locale"} <= names
    answer = gate.run("doctor", "-o", "json")  # the operating system's user is nobody in the team
    assert answer.code == 1
    fits(DOCTOR, answer.json)
    assert [c["name"] for c in answer.json["checks"] if not c["ok"]] == ["team"]
    assert next(c for c in answer.json["checks"] if not c["ok"])["fix"]
    (gate.folder / "processes" / "gate.process.yaml").write_text("process: gate\n", encoding="utf-8")
    broken = gate.run("doctor", "-o", "json", as_="rep-1")
    assert broken.code == 1
    assert [c["name"] for c in broken.json["checks"] if not c["ok"]] == ["processes"]


def test_store_info_counts_what_is_there(gate: Desk) -> None:
    opened(gate)
    opened(gate, title="Second")
    info = gate.ok("store", "info")
    assert (info["deals"], info["events"]) == (2, 2)
    assert info["bytes"] > 0
    assert Path(info["path"]).is_file()
    assert info["head"] == gate.ok("store", "verify")["head"]
