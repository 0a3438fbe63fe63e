"""Every writing command of the contract: what it prints, what a dry run leaves alone, how it ends."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from contract_shapes import ACTIVITY, ARTIFACT, DRY_WRITE, REFUSAL, TASK, WRITE, fits
from contract_world import NOW, PROCESS, at_signing, gate_desk, opened, ready, signed
from desk import Desk

Prepare = Callable[[Desk], str]


@pytest.fixture
def gate(tmp_path: Path) -> Desk:
    return gate_desk(tmp_path)


def _ready(desk: Desk) -> str:
    deal = opened(desk)
    ready(desk, deal)
    return deal


def _with_pain(desk: Desk) -> str:
    deal = opened(desk)
    desk.ok("deal", "item", "add", deal, "pains", "--set", "text=noise", as_="rep-1", now=NOW)
    return deal


def _with_contract(desk: Desk) -> str:
    deal = at_signing(desk)
    signed(desk, deal)
    desk.ok("artifact", "add", deal, "contract", "--file", str(desk.folder / "contract.pdf"), as_="rep-1", now=NOW)
    return deal


def _held(desk: Desk) -> str:
    deal = opened(desk)
    desk.ok("deal", "hold", deal, "--until", "+3d", "--reason", "holidays", as_="rep-1", now=NOW)
    return deal


def _lost(desk: Desk) -> str:
    deal = opened(desk)
    desk.ok("deal", "lose", deal, "--reason", "price", as_="rep-1", now=NOW)
    return deal


def _chosen(desk: Desk) -> str:
    deal = _ready(desk)
    desk.ok("deal", "advance", deal, as_="rep-1", now=NOW)
    return deal


def _with_task(desk: Desk) -> str:
    deal = opened(desk)
    desk.ok("task", "add", deal, "--title", "Ask the board", "--by", "boss", as_="rep-1", now=NOW)
    return deal


def _with_another_process(desk: Desk) -> str:
    text = PROCESS.replace("process: gate", "process: portal")
    (desk.folder / "processes" / "portal.process.yaml").write_text(text, encoding="utf-8")
    return opened(desk)


# Every writing command on a deal: what comes before it, who runs it, its words after the deal, its event.
WRITES: dict[str, tuple[Prepare, str, tuple[str, ...], str]] = {
    "deal advance": (_ready, "rep-1", (), "advanced"),
    "deal move": (_chosen, "boss-1", ("--to", "first", "--reason", "too early"), "regressed"),
    "deal hold": (opened, "rep-1", ("--until", "+3d", "--reason", "holidays"), "held"),
    "deal resume": (_held, "rep-1", (), "resumed"),
    "deal lose": (opened, "rep-1", ("--reason", "price"), "lost"),
    "deal disqualify": (opened, "rep-1", ("--reason", "no_fit"), "disqualified"),
    "deal reopen": (_lost, "rep-1", ("--reason", "they called"), "reopened"),
    "deal waive": (opened, "boss-1", ("fits", "--reason", "an old friend"), "criterion_waived"),
    "deal assign": (opened, "rep-1", ("rep-2",), "owner_assigned"),
    "deal set": (opened, "rep-1", ("--set", "fit=good"), "fields_set"),
    "deal item add": (opened, "rep-1", ("pains", "--set", "text=noise"), "item_added"),
    "deal item set": (_with_pain, "rep-1", ("pains", "1", "--set", "impact=12万"), "item_set"),
    "deal item close": (_with_pain, "rep-1", ("pains", "1"), "item_closed"),
    "artifact add": (opened, "rep-1", ("brief", "--set", "goal=less noise"), "artifact_recorded"),
    "artifact approve": (_with_contract, "legal-1", ("contract",), "artifact_approved"),
    "artifact reject": (_with_contract, "legal-1", ("contract", "--note", "clause 4"), "artifact_rejected"),
    "approval approve": (at_signing, "boss-1", ("terms",), "stage_approved"),
    "approval reject": (at_signing, "boss-1", ("terms", "--note", "too low"), "stage_rejected"),
    "deal transfer": (_with_another_process, "rep-1", ("--to", "portal", "--reason", "a larger one"), "transferred"),
    "task add": (opened, "rep-1", ("--title", "Ask the board", "--by", "boss", "--due", "+3d"), "task_added"),
    "task done": (_with_task, "boss-1", ("t1", "--note", "they agree"), "task_closed"),
    "task skip": (_with_task, "boss-1", ("t1", "--reason", "no need"), "task_closed"),
    "activity log": (opened, "rep-1", ("call", "--note", "they listened"), "activity_logged"),
    "activity void": (_ready, "rep-1", ("a1", "--reason", "another deal"), "activity_voided"),
    "stakeholder add": (opened, "rep-1", ("--set", "name=Buyer Two"), "stakeholder_added"),
    "stakeholder set": (_ready, "rep-1", ("s1", "--set", "attitude=4"), "stakeholder_set"),
    "privacy erase": (_ready, "rep-1", ("--reason", "they asked for it"), "personal_erased"),
}


def words_of(name: str, deal: str) -> list[str]:
    return [*name.split(), deal, *WRITES[name][2]]


def rows_of(desk: Desk) -> dict[str, list[Any]]:
    """Everything in the store's file, table by table."""
    with sqlite3.connect(desk.folder / ".dealwright" / "store.db") as base:
        tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: base.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall() for name in tables}
    base.close()
    return found


def test_the_table_of_writes_is_the_command_lines_own() -> None:
    from dealwright.cli.commands import ROOT

    def leaves(entries: dict[str, Any], path: tuple[str, ...] = ()) -> list[str]:
        return [
            leaf
            for name, entry in entries.items()
            for leaf in (leaves(entry.verbs, (*path, name)) if entry.verbs else [" ".join((*path, name))])
        ]

    nouns = ("deal", "artifact", "approval", "task", "activity", "stakeholder", "privacy")
    on_deals = {leaf for leaf in leaves(ROOT) if leaf.split()[0] in nouns}
    # `deal propose` writes only where a plugin proposes something; test_plugin_proposals has one that does.
    reads = {"list", "show", "why", "history", "verify", "export", "coach", "score", "propose"}
    assert {leaf for leaf in on_deals if leaf.split()[-1] not in reads} == {*WRITES, "deal open"}


@pytest.mark.parametrize("name", WRITES)
def test_a_dry_run_decides_and_writes_nothing_then_the_write_prints_the_same(gate: Desk, name: str) -> None:
    prepare, person, _, event = WRITES[name]
    deal = prepare(gate)
    before = rows_of(gate)
    dry = gate.ok(*words_of(name, deal), "--dry-run", as_=person, now=NOW)
    fits(DRY_WRITE, dry)
    assert rows_of(gate) == before
    real = gate.ok(*words_of(name, deal), as_=person, now=NOW)
    fits(WRITE, real)
    assert real["v"] == 1
    assert real["dry_run"] is False
    assert [e["type"] for e in real["events"]] == [event]
    assert dry["deal"] == real["deal"]
    assert dry["warnings"] == real["warnings"]
    unwritten = ("position", "recorded_at", "prev_hash", "hash")
    said = [{k: v for k, v in e.items() if k not in unwritten} for e in real["events"]]
    assert [{k: v for k, v in e.items() if k not in unwritten} for e in dry["events"]] == said
    assert real["events"][0]["recorded_by"] != person  # --as: who acted and who typed are both kept
    assert real["events"][0]["actor"] == person
    if name.startswith("artifact"):
        fits(ARTIFACT, real["artifact"])
    if name.startswith("activity"):
        fits(ACTIVITY, real["activity"])
    if name.startswith("task"):
        fits(TASK, real["task"])
    if name.startswith("stakeholder"):
        assert real["stakeholder"]["id"] == real["events"][0]["data"]["stakeholder"]


@pytest.mark.parametrize("name", WRITES)
def test_a_version_that_differs_is_a_conflict_and_the_right_one_is_not(gate: Desk, name: str) -> None:
    prepare, person, _, _ = WRITES[name]
    deal = prepare(gate)
    version = gate.ok("deal", "show", deal, now=NOW)["deal"]["version"]
    before = rows_of(gate)
    for wrong in (version - 1, version + 1):
        error = gate.fails(4, *words_of(name, deal), "--if-version", str(wrong), as_=person, now=NOW)
        assert error["kind"] == "conflict"
    assert rows_of(gate) == before
    done = gate.ok(*words_of(name, deal), "--if-version", str(version), as_=person, now=NOW)
    assert done["deal"]["version"] == version + 1


@pytest.mark.parametrize("name", [*WRITES, "deal open"])
def test_every_write_has_a_page_for_people_in_both_languages(gate: Desk, name: str) -> None:
    if name == "deal open":
        words, person = ["deal", "open", "gate", "--title", "Northwind"], "rep-1"
    else:
        prepare, person, _, _ = WRITES[name]
        words = words_of(name, prepare(gate))
    english = gate.run(*words, "--dry-run", as_=person, now=NOW)
    chinese = gate.run(*words, "--dry-run", "--lang", "zh", as_=person, now=NOW)
    assert (english.code, chinese.code) == (0, 0), english.err + chinese.err
    assert english.out.isascii()
    assert any("一" <= letter <= "鿿" for letter in chinese.out)
    assert "dry run" in english.out


def test_opening_prints_a_write_and_takes_an_id_of_the_pattern_or_the_next_number(gate: Desk) -> None:
    fits(WRITE, gate.ok("deal", "open", "gate", "--title", "One", as_="rep-1"))
    dry = gate.ok("deal", "open", "gate", "--title", "Two", "--dry-run", as_="rep-1")
    fits(DRY_WRITE, dry)
    assert dry["deal"]["id"] == "gate-2"
    assert gate.ok("deal", "list")["total"] == 1
    named = gate.ok("deal", "open", "gate", "--title", "Two", "--id", "gate-2", as_="rep-1")["deal"]
    assert named["id"] == "gate-2"
    assert gate.ok("deal", "open", "gate", "--title", "Three", as_="rep-1")["deal"]["id"] == "gate-3"
    assert (
        gate.fails(4, "deal", "open", "gate", "--title", "Again", "--id", "gate-2", as_="rep-1")["kind"] == "conflict"
    )
    longest = "a" * 64
    assert gate.ok("deal", "open", "gate", "--title", "Long", "--id", longest, as_="rep-1")["deal"]["id"] == longest
    for bad in ("a" * 65, "-x", ".x", "a b", "a/b", "项目", ""):
        assert gate.fails(2, "deal", "open", "gate", "--title", "Bad", f"--id={bad}", as_="rep-1")["kind"] == "usage"
    for bad in ("", " ", "a" * 129, "a\x1b[31mb"):
        error = gate.fails(2, "deal", "open", "gate", "--title", "Bad", f"--external-id={bad}", as_="rep-1")
        assert error["kind"] == "usage"
    assert gate.fails(3, "deal", "open", "nowhere", "--title", "Bad", as_="rep-1")["kind"] == "not_found"
    assert gate.fails(2, "deal", "open", "gate", as_="rep-1")["kind"] == "usage"


def test_advance_wins_and_the_deal_goes_on_until_it_is_completed(gate: Desk) -> None:
    deal = at_signing(gate)
    signed(gate, deal)
    won = gate.ok("deal", "advance", deal, as_="rep-1", now=NOW)
    assert [e["type"] for e in won["events"]] == ["won"]
    assert (won["deal"]["status"], won["deal"]["stage"], won["deal"]["won_at"]) == ("won", "hand", NOW)
    done = gate.ok("deal", "advance", deal, as_="desk-1", now=NOW)["deal"]
    assert (done["status"], done["closed_at"]) == ("completed", NOW)
    assert gate.fails(1, "deal", "advance", deal, as_="desk-1", now=NOW)["details"]["cause"] == "status"


def test_a_refusal_lists_all_unmet_criteria_with_commands_that_help(gate: Desk) -> None:
    deal = opened(gate)
    before = rows_of(gate)
    error = gate.fails(1, "deal", "advance", deal, as_="rep-1", now=NOW)
    assert error["kind"] == "refused"
    fits(REFUSAL, error["details"])
    assert (error["details"]["cause"], error["details"]["kind"], error["details"]["to"]) == (
        "criteria",
        "advance",
        "choose",
    )
    unmet = {c["id"]: c for c in error["details"]["criteria"]}
    assert set(unmet) == {"fits", "replied", "sized", "requires.brief"}
    assert unmet["sized"]["severity"] == "warn"
    assert {c["status"] for c in unmet.values()} <= {"unmet", "unknown"}
    assert unmet["fits"]["text"] == "The account must fit"
    assert all(c["fix"]["command"] for c in unmet.values())
    assert {p for c in unmet.values() for p in c["fix"]["people"]} >= {"rep-1", "rep-2"}
    assert rows_of(gate) == before
    chinese = gate.fails(1, "deal", "advance", deal, "--lang", "zh", as_="rep-1", now=NOW)
    assert {c["id"]: c["text"] for c in chinese["details"]["criteria"]}["fits"] == "客户须匹配"
    assert all(any("一" <= x <= "鿿" for x in c["expected"]) for c in chinese["details"]["criteria"])
    assert any("一" <= x <= "鿿" for x in chinese["message"])


def test_the_four_causes_of_a_refusal(gate: Desk) -> None:
    deal = opened(gate)
    causes = {
        "criteria": gate.fails(1, "deal", "advance", deal, as_="rep-1", now=NOW),
        "role": gate.fails(1, "deal", "set", deal, "--set", "fit=good", as_="legal-1", now=NOW),
        "transition": gate.fails(1, "deal", "move", deal, "--to", "hand", "--reason", "x", as_="boss-1", now=NOW),
        "status": gate.fails(1, "deal", "resume", deal, as_="rep-1", now=NOW),
    }
    for cause, error in causes.items():
        assert error["details"]["cause"] == cause
        fits(REFUSAL, error["details"])


def test_a_person_chooses_a_branch_and_only_where_one_is_asked(gate: Desk) -> None:
    deal = _ready(gate)
    assert gate.fails(2, "deal", "advance", deal, "--branch", "on", as_="rep-1", now=NOW)["kind"] == "usage"
    gate.ok("deal", "advance", deal, as_="rep-1", now=NOW)
    undecided = gate.fails(1, "deal", "advance", deal, as_="rep-1", now=NOW)
    fits(REFUSAL, undecided["details"])
    assert undecided["details"]["cause"] == "criteria"
    assert gate.fails(2, "deal", "advance", deal, "--branch", "sideways", as_="rep-1", now=NOW)["kind"] == "usage"
    back = gate.ok("deal", "advance", deal, "--branch", "back", as_="rep-1", now=NOW)
    assert (back["events"][0]["type"], back["deal"]["stage"]) == ("regressed", "first")


def test_a_warning_does_not_stop_a_move_and_is_told(gate: Desk) -> None:
    deal = _ready(gate)
    gate.ok("deal", "set", deal, "--set", "size=", as_="rep-1", now=NOW)
    done = gate.ok("deal", "advance", deal, as_="rep-1", now=NOW)
    assert len(done["warnings"]) == 1
    assert "The size is not known" in done["warnings"][0]
    said = gate.ok("deal", "history", deal, "--type", "advanced")["events"][0]["data"]["criteria"]
    assert {c["id"]: c["status"] for c in said}["sized"] == "unmet"


def test_a_skip_needs_its_role_and_a_reason_and_a_waiver_shows_as_waived(gate: Desk) -> None:
    deal = _ready(gate)
    gate.ok("deal", "set", deal, "--set", "fit=bad", as_="rep-1", now=NOW)
    assert (
        gate.fails(1, "deal", "waive", deal, "fits", "--reason", "x", as_="rep-1", now=NOW)["details"]["cause"]
        == "role"
    )
    gate.ok("deal", "waive", deal, "fits", "--reason", "an old friend", as_="boss-1", now=NOW)
    why = gate.ok("deal", "why", deal, "--to", "choose", as_="rep-1", now=NOW)["transitions"][0]
    assert {c["id"]: c["status"] for c in why["criteria"]}["fits"] == "waived"
    assert (
        gate.fails(1, "deal", "move", deal, "--to", "sign", "--reason", "x", as_="rep-1", now=NOW)["details"]["cause"]
        == "role"
    )
    assert gate.fails(2, "deal", "move", deal, "--to", "sign", as_="boss-1", now=NOW)["kind"] == "usage"
    done = gate.ok("deal", "move", deal, "--to", "sign", "--reason", "urgent", as_="boss-1", now=NOW)
    assert done["events"][0]["type"] == "skipped"
    assert done["events"][0]["data"]["skipped"] == ["choose"]


def test_a_hold_stops_the_clocks_and_lets_little_happen(gate: Desk) -> None:
    deal = opened(gate)
    due = gate.ok("deal", "show", deal)["deal"]["due_at"]
    held = gate.ok("deal", "hold", deal, "--until", "2026-04-01", "--reason", "holidays", as_="rep-1", now=NOW)["deal"]
    assert held["on_hold"] == {"until": "2026-04-01", "reason": "holidays"}
    assert held["status"] == "open"
    assert gate.fails(1, "deal", "advance", deal, as_="rep-1", now=NOW)["details"]["cause"] == "status"
    gate.ok("deal", "set", deal, "--set", "fit=good", as_="rep-1", now=NOW)
    later = "2026-03-04T09:00:00Z"
    resumed = gate.ok("deal", "resume", deal, as_="rep-1", now=later)["deal"]
    assert resumed["on_hold"] is None
    assert (due, resumed["due_at"]) == ("2026-03-07T09:00:00Z", "2026-03-09T09:00:00Z")


def test_an_end_takes_a_reason_of_the_list_and_can_be_undone(gate: Desk) -> None:
    deal = opened(gate)
    refused = gate.fails(1, "deal", "lose", deal, "--reason", "whatever", as_="rep-1", now=NOW)
    assert "price" in refused["message"]
    lost = gate.ok("deal", "lose", deal, "--reason", "price", "--note", "by a third", as_="rep-1", now=NOW)
    assert (lost["deal"]["status"], lost["deal"]["reason"], lost["deal"]["closed_at"]) == ("lost", "price", NOW)
    assert gate.fails(1, "deal", "set", deal, "--set", "fit=good", as_="rep-1", now=NOW)["details"]["cause"] == "status"
    again = gate.ok("deal", "reopen", deal, "--reason", "they called", as_="rep-1", now=NOW)["deal"]
    assert (again["status"], again["stage"], again["reason"], again["closed_at"]) == ("open", "first", None, None)
    assert gate.fails(1, "deal", "reopen", deal, "--reason", "x", as_="rep-1", now=NOW)["details"]["cause"] == "status"


def test_artifacts_have_versions_files_and_approvals_by_somebody_else(gate: Desk) -> None:
    deal = at_signing(gate)
    paper = gate.folder / "contract.pdf"
    paper.write_bytes(b"signed\n")
    added = gate.ok("artifact", "add", deal, "contract", "--file", str(paper), as_="rep-1", now=NOW)["artifact"]
    assert (added["version"], added["status"], added["missing"]) == (1, "pending", [])
    digest = hashlib.sha256(b"signed\n").hexdigest()
    assert added["file"] == {"name": "contract.pdf", "size": 7, "sha256": digest}
    assert gate.fails(1, "artifact", "approve", deal, "contract", as_="rep-1", now=NOW)["details"]["cause"] == "role"
    no = gate.ok("artifact", "reject", deal, "contract", "--note", "clause 4", as_="legal-1", now=NOW)["artifact"]
    assert no["status"] == "rejected"
    assert no["approvals"] == [{"role": "legal", "status": "rejected", "by": "legal-1", "at": NOW, "note": "clause 4"}]
    second = gate.ok("artifact", "add", deal, "contract", "--file", str(paper), as_="rep-1", now=NOW)["artifact"]
    assert (second["version"], second["status"]) == (2, "pending")
    assert gate.ok("artifact", "approve", deal, "contract", as_="legal-1", now=NOW)["artifact"]["status"] == "approved"
    assert gate.fails(3, "artifact", "show", deal, "letter")["kind"] == "not_found"
    assert gate.fails(2, "artifact", "add", deal, "letter", "--set", "a=b", as_="rep-1", now=NOW)["kind"] == "usage"
    assert (
        gate.fails(3, "artifact", "add", deal, "contract", "--file", "nowhere.pdf", as_="rep-1")["kind"] == "not_found"
    )
    for number, name in ((1, "visit"), (2, "visit-2")):
        made = gate.ok("artifact", "add", deal, "visit", "--set", f"summary=no. {number}", as_="rep-1", now=NOW)[
            "artifact"
        ]
        assert (made["id"], made["kind"]) == (name, "visit")
    listed = gate.ok("artifact", "list", deal)
    assert [a["id"] for a in listed["artifacts"]] == ["brief", "visit", "visit-2", "contract"]
    for artifact in listed["artifacts"]:
        fits(ARTIFACT, artifact)


def test_an_activity_of_the_buyer_names_who_and_can_be_voided(gate: Desk) -> None:
    deal = opened(gate)
    gate.ok("stakeholder", "add", deal, "--set", "name=Buyer One", as_="rep-1", now=NOW)
    assert gate.fails(2, "activity", "log", deal, "reply", as_="rep-1", now=NOW)["kind"] == "usage"
    words = (
        "--by",
        "buyer",
        "--contact",
        "buyer one",
        "--channel",
        "phone",
        "--at",
        "2026-03-01",
        "--set",
        "tone=warm",
    )
    logged = gate.ok("activity", "log", deal, "reply", *words, "--next", "+3d", as_="rep-1", now=NOW)["activity"]
    assert (logged["id"], logged["by"], logged["contact"], logged["channel"]) == ("a1", "buyer", "s1", "phone")
    assert logged["at"] == "2026-03-01T00:00:00Z"
    assert gate.fails(2, "activity", "log", deal, "call", "--at", "+1d", as_="rep-1", now=NOW)["kind"] == "usage"
    assert gate.fails(2, "activity", "log", deal, "dance", as_="rep-1", now=NOW)["kind"] == "usage"
    met = gate.ok("deal", "why", deal, "--to", "choose")["transitions"][0]["criteria"]
    assert {c["id"]: c["status"] for c in met}["replied"] == "met"
    gate.ok("activity", "void", deal, "a1", "--reason", "another deal", as_="rep-1", now=NOW)
    assert gate.fails(3, "activity", "void", deal, "a1", "--reason", "x", as_="rep-1", now=NOW)["kind"] == "not_found"
    assert gate.ok("activity", "list", deal)["activities"] == []
    unmet = gate.ok("deal", "why", deal, "--to", "choose")["transitions"][0]["criteria"]
    assert {c["id"]: c["status"] for c in unmet}["replied"] != "met"
    types = [e["type"] for e in gate.ok("deal", "history", deal)["events"]]
    assert types[-2:] == ["activity_logged", "activity_voided"]


def test_json_of_a_write_is_one_object_whatever_the_output_form(gate: Desk) -> None:
    import yaml

    deal = opened(gate)
    answer = gate.run("deal", "set", deal, "--set", "fit=good", "-o", "yaml", "--dry-run", as_="rep-1", now=NOW)
    fits(DRY_WRITE, json.loads(json.dumps(yaml.safe_load(answer.out))))
    answer = gate.run("deal", "set", deal, "--set", "fit=good", "-o", "json", as_="rep-1", now=NOW)
    fits(WRITE, json.loads(answer.out))
    assert answer.err == ""
