"""A small workspace and every command that writes it, for tests that kill or fail them in the middle."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any, NamedTuple

PROCESS = """\
dealwright: "1"
process: mini
version: 1.0.0
title: Mini
type: b2b
currency: CNY
roles: {rep: {title: Rep}, boss: {title: Boss}}
fields:
  source: {type: text}
  secret: {type: text, personal: true}
  pains: {type: list, items: open_closed, of: {text: {type: text, required: true}}}
artifacts:
  contract: {by: [rep], file: required, approvals: [{by: boss}]}
stages:
  - id: first
    title: First
    phase: qualify
    responsible: [rep]
    skip_to: {close: [boss]}
    exit_criteria:
      sourced: {condition: has(source), unmet: The source is not known, waivable_by: [boss]}
  - {id: second, title: Second, phase: propose, responsible: [rep]}
  - {id: close, title: Close, phase: close, responsible: [rep], wins: true}
outcomes:
  lost: {status: lost, by: [rep], reasons: [price, timing]}
"""
MAP = """\
import: deals
process: mini
id: number
title: name
stages:
  column: stage
  values:
    open:
      - {what: opened, to: first, at: since}
    on:
      - {what: opened, to: first, at: since}
      - {what: moved, to: second, at: since}
"""
ROWS = 12
TEAM = "people: {rep-1: {roles: [rep, boss]}, boss-1: {roles: [boss, rep]}}\n"
SETTINGS = 'dealwright: "1"\nallow_as: true\n'


class Said(NamedTuple):
    """How a command ended and what it printed."""

    code: int
    out: str

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


def make_world(folder: Path) -> Path:
    """A workspace with one process and an empty store; beside it what commands are given."""
    from dealwright.store import create_store

    (folder / "acme" / "processes").mkdir(parents=True)
    (folder / "acme" / "processes" / "mini.process.yaml").write_text(PROCESS, encoding="utf-8")
    (folder / "acme" / "team.yaml").write_text(TEAM, encoding="utf-8")
    (folder / "acme" / "dealwright.yaml").write_text(SETTINGS, encoding="utf-8")
    create_store(folder / "acme" / ".dealwright" / "store.db").close()
    given = folder / "given"
    given.mkdir()
    (given / "mini.map.yaml").write_text(MAP, encoding="utf-8")
    rows = "\n".join(f"x{n},Deal {n},{'on' if n % 2 else 'open'},2026-01-0{n % 9 + 1}" for n in range(ROWS))
    (given / "deals.csv").write_text(f"number,name,stage,since\n{rows}\n", encoding="utf-8")
    (given / "contract.txt").write_text("signed " * 400, encoding="utf-8")
    (given / "proof.eml").write_text("Subject: yes\n\nwe agree\n", encoding="utf-8")
    return folder / "acme"


def run(folder: Path, *argv: str, as_: str = "rep-1") -> Said:
    """Run a command in this process."""
    from dealwright.cli.main import main

    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main(["--workspace", str(folder), "--as", as_, *argv, "-o", "json"])
    return Said(code, out.getvalue())


def ok(folder: Path, *argv: str, as_: str = "rep-1") -> dict[str, Any]:
    """The JSON of a command that must succeed."""
    said = run(folder, *argv, as_=as_)
    assert said.code == 0, f"{argv}: {said.code} {said.out}"
    return said.json


def prepare(folder: Path) -> None:
    """Three deals at different places."""
    given = folder.parent / "given"
    for title in ("One", "Two", "Three"):
        ok(folder, "deal", "open", "mini", "--title", title, "--set", "source=web")
    ok(folder, "stakeholder", "add", "mini-1", "--set", "name=Buyer One")
    ok(folder, "deal", "item", "add", "mini-1", "pains", "--set", "text=slow")
    ok(folder, "activity", "log", "mini-1", "call", "--by", "seller", "--note", "first call")
    ok(folder, "artifact", "add", "mini-1", "contract", "--file", str(given / "proof.eml"))
    ok(folder, "deal", "advance", "mini-2")
    ok(folder, "deal", "lose", "mini-3", "--reason", "price")


def commands(folder: Path) -> dict[str, tuple[str, ...]]:
    """Every command that writes, as it can be given once after `prepare`."""
    given = folder.parent / "given"
    return {
        "open": ("deal", "open", "mini", "--title", "Four", "--set", "source=fair", "--set", "secret=hidden"),
        "set": ("deal", "set", "mini-1", "--set", "source=phone", "--set", "secret=mine"),
        "item": ("deal", "item", "add", "mini-1", "pains", "--set", "text=dear"),
        "item close": ("deal", "item", "close", "mini-1", "pains", "1"),
        "artifact": ("artifact", "add", "mini-1", "contract", "--file", str(given / "contract.txt")),
        "approve": ("artifact", "approve", "mini-1", "contract", "--as", "boss-1"),
        "activity": ("activity", "log", "mini-1", "email", "--by", "buyer", "--proof", str(given / "proof.eml")),
        "void": ("activity", "void", "mini-1", "a1", "--reason", "by mistake"),
        "stakeholder": ("stakeholder", "set", "mini-1", "s1", "--set", "name=Buyer Two"),
        "advance": ("deal", "advance", "mini-1"),
        "win": ("deal", "move", "mini-1", "--to", "close", "--reason", "in a hurry"),
        "regress": ("deal", "move", "mini-2", "--to", "first", "--reason", "too early"),
        "hold": ("deal", "hold", "mini-2", "--until", "+3d", "--reason", "holidays"),
        "waive": ("deal", "waive", "mini-1", "sourced", "--reason", "known to us"),
        "assign": ("deal", "assign", "mini-1", "boss-1"),
        "lose": ("deal", "lose", "mini-1", "--reason", "timing"),
        "reopen": ("deal", "reopen", "mini-3", "--reason", "they called"),
        "import": ("import", "deals", str(given / "deals.csv"), "--map", str(given / "mini.map.yaml")),
        "publish": ("process", "publish", str(folder / "processes" / "mini.process.yaml")),
        "erase": ("privacy", "erase", "mini-1", "--reason", "asked for"),
        "compact": ("store", "compact"),
    }
