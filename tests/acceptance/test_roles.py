"""Who may write: every writing command by every kind of person. Who may not is refused, and nothing is written."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Any

import pytest
from contract_world import NOW, TEAM, gate_desk, opened
from desk import Desk
from test_contract_writes import WRITES, rows_of, words_of

from dealwright.cli.commands import ROOT, Entry

# Who may run each command in the prepared state, of the people below; everybody else may not.
EVERYBODY = ("rep-1", "boss-1", "legal-1", "desk-1", "clerk-1")
MAY: dict[str, set[str]] = {
    "deal open": {"rep-1"},
    "deal advance": {"rep-1"},
    "deal move": {"rep-1", "boss-1"},
    "deal hold": {"rep-1"},
    "deal resume": {"rep-1"},
    "deal lose": {"rep-1", "boss-1"},
    "deal disqualify": {"rep-1"},
    "deal reopen": {"rep-1"},
    "deal transfer": {"rep-1"},
    "deal propose": {"rep-1", "boss-1", "legal-1", "desk-1"},  # it changes nothing: whoever works on the deal
    "deal waive": {"boss-1"},
    "deal assign": {"rep-1"},
    "deal set": {"rep-1"},
    "deal item add": {"rep-1"},
    "deal item set": {"rep-1"},
    "deal item close": {"rep-1"},
    "artifact add": {"rep-1"},
    "artifact approve": {"legal-1"},
    "artifact reject": {"legal-1"},
    "approval approve": {"boss-1"},
    "approval reject": {"boss-1"},
    "task add": {"rep-1", "boss-1", "legal-1", "desk-1"},  # whoever works on the deal
    "task done": {"boss-1"},
    "task skip": {"boss-1"},
    "activity log": {"rep-1", "boss-1", "legal-1", "desk-1"},  # a common activity: whoever works on the deal
    "activity void": {"rep-1"},
    "stakeholder add": {"rep-1", "boss-1", "legal-1", "desk-1"},
    "stakeholder set": {"rep-1", "boss-1", "legal-1", "desk-1"},
    "privacy erase": {"rep-1"},
    "record add": {"rep-1"},
    "record set": {"rep-1"},
    "record archive": {"rep-1"},
    "tick": set(EVERYBODY),  # what is due is decided by the process, whoever lets time pass
    "import deals": {"rep-1"},
    "process publish": set(EVERYBODY),  # files are the workspace's own: anybody of the team
}
RECORD = """\
dealwright: "1"
record: account
version: 1.0.0
title: Account
by: [rep]
roles: {rep: {title: Representative}}
fields: {size: {type: number}}
"""
IMPORT_MAP = """\
import: deals
process: gate
id: Id
title: Name
stages:
  column: Stage
  values: {new: [{what: opened, to: first, at: On}]}
"""
READS = {
    "process validate", "process list", "process show", "process resolve", "process diff", "process diagram",
    "deal list", "deal show", "deal why", "deal coach", "deal score", "deal history", "deal verify",
    "record list", "record show", "record history",
    "artifact list", "artifact show", "approval list", "activity list", "stakeholder list", "task list",
    "template list", "template show",
    "privacy export",
    "agenda", "report funnel", "report methodology",
    "store info", "store verify", "store head", "store recover", "store backup", "store export",
    "plugin list", "plugin check", "doctor", "schema",
}  # fmt: skip
# They write authors' files, no event: whoever may write the workspace's folder can do that with any editor.
FILES = {"process lock", "fmt"}
ELSEWHERE = {"init", "demo", "plugin new"}  # they make a folder of their own
# They take or give back the store's files as a whole, which only whoever may write the workspace's folder can do:
# no event is decided, and none is written that was not written before.
WHOLE = {"store restore", "store import", "store compact", "store migrate"}


def leaves(entries: dict[str, Entry], path: tuple[str, ...] = ()) -> set[str]:
    """Every command of the command line, by its words."""
    found: set[str] = set()
    for name, entry in entries.items():
        found |= leaves(entry.verbs, (*path, name)) if entry.verbs else {" ".join((*path, name))}
    return found


def prepared(desk: Desk, name: str) -> list[str]:
    """The words of the command, with what has to come before it done."""
    if name == "deal open":
        return ["deal", "open", "gate", "--title", "Northwind"]
    if name == "tick":
        return ["tick"]
    if name == "deal propose":
        return ["deal", "propose", opened(desk)]
    if name.startswith("record "):
        return record_words(desk, name)
    if name == "process publish":
        return ["process", "publish", str(desk.folder / "processes")]
    if name == "import deals":
        (desk.folder / "deals.csv").write_text("Id,Name,Stage,On\n1,Northwind,new,2026-02-01\n", encoding="utf-8")
        (desk.folder / "map.yaml").write_text(IMPORT_MAP, encoding="utf-8")
        return ["import", "deals", str(desk.folder / "deals.csv"), "--map", str(desk.folder / "map.yaml")]
    return words_of(name, WRITES[name][0](desk))


def record_words(desk: Desk, name: str) -> list[str]:
    """The words of a command on a record, which is there already but for `record add`."""
    (desk.folder / "processes" / "account.record.yaml").write_text(RECORD, encoding="utf-8")
    add = ["record", "add", "account", "--title", "Northwind"]
    if name == "record add":
        return add
    desk.ok(*add, as_="rep-1", now=NOW)
    return [*name.split(), "account-1", *(["--set", "size=3"] if name == "record set" else [])]


def test_the_matrix_knows_every_command_there_is() -> None:
    assert leaves(ROOT) == {*MAY, *READS, *ELSEWHERE, *WHOLE, *FILES}


@pytest.mark.parametrize("name", MAY)
def test_only_the_roles_that_the_process_names_may_write(tmp_path: Path, name: str) -> None:
    desk = gate_desk(tmp_path)
    words = prepared(desk, name)
    before = rows_of(desk)
    trial = [] if name == "process publish" else ["--dry-run"]
    for person in EVERYBODY:
        answer = desk.run(*words, *trial, "-o", "json", as_=person, now=NOW)
        if person in MAY[name]:
            assert answer.code == 0, f"{person} may: {answer.out}{answer.err}"
            continue
        assert answer.code == 1, f"{person} may not: {answer.out}{answer.err}"
        error = answer.json["error"]
        assert (error["kind"], error["details"]["cause"]) == ("refused", "role")
        assert rows_of(desk) == before
        if error["details"]["people"]:
            assert set(error["details"]["people"]) & MAY[name]
            assert person not in error["details"]["people"]


@pytest.mark.parametrize("name", MAY)
def test_somebody_who_is_nobody_in_the_team_may_write_nothing(tmp_path: Path, name: str) -> None:
    desk = gate_desk(tmp_path)
    words = prepared(desk, name)
    before = rows_of(desk)
    assert desk.fails(1, *words, now=NOW)["details"]["cause"] == "role"
    assert desk.fails(2, *words, as_="stranger-1", now=NOW)["kind"] == "usage"
    assert rows_of(desk) == before


@pytest.mark.parametrize("name", MAY)
def test_another_name_is_refused_where_the_workspace_forbids_it(tmp_path: Path, name: str) -> None:
    me = json.dumps(getpass.getuser())
    everything = TEAM.replace("clerk-1: {roles: []}", f"clerk-1: {{roles: [rep, boss, legal, desk], os_user: {me}}}")
    desk = gate_desk(tmp_path, everything)
    words = prepared(desk, name)
    settings = desk.folder / "dealwright.yaml"
    settings.write_text('dealwright: "1"\nallow_now: true\n', encoding="utf-8")
    before = rows_of(desk)
    for person in ("rep-1", "boss-1", "legal-1", "clerk-1"):
        error = desk.fails(1, *words, as_=person, now=NOW)
        assert (error["kind"], error["details"]["cause"]) == ("refused", "role")
    assert rows_of(desk) == before
    mine: dict[str, Any] = desk.ok(*words, now=NOW)
    if mine.get("events"):
        assert {e["actor"] for e in mine["events"]} == {"clerk-1"}


def test_nobody_approves_what_they_recorded_themselves(tmp_path: Path) -> None:
    team = TEAM.replace("rep-1: {roles: [rep]}", "rep-1: {roles: [rep, legal]}").replace("legal-1", "legal-2")
    desk = gate_desk(tmp_path, team)
    deal = opened(desk)
    paper = desk.folder / "contract.pdf"
    paper.write_bytes(b"x")
    desk.ok("artifact", "add", deal, "contract", "--file", str(paper), as_="rep-1", now=NOW)
    error = desk.fails(1, "artifact", "approve", deal, "contract", as_="rep-1", now=NOW)
    assert error["details"]["cause"] == "role"
    assert desk.ok("artifact", "approve", deal, "contract", as_="legal-2", now=NOW)["artifact"]["status"] == "approved"


def test_roles_are_read_anew_for_each_command(tmp_path: Path) -> None:
    desk = gate_desk(tmp_path)
    deal = opened(desk)
    desk.ok("deal", "set", deal, "--set", "fit=good", as_="rep-2", now=NOW)
    (desk.folder / "team.yaml").write_text(
        TEAM.replace("rep-2: {roles: [rep]}", "rep-2: {roles: []}"), encoding="utf-8"
    )
    error = desk.fails(1, "deal", "set", deal, "--set", "fit=bad", as_="rep-2", now=NOW)
    assert error["details"]["cause"] == "role"
