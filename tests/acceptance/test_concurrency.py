"""Several processes at one workspace: no acknowledged write is lost, and no deal is moved twice by two at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from contract_world import SETTINGS, TEAM
from desk import Desk, make_workspace

WRITERS = 8
EACH = 50
RACES = 50

RELAY = """\
dealwright: "1"
process: relay
version: 1.0.0
title: {en: Relay, zh: 接力}
type: b2b
currency: CNY
roles: {rep: {title: {en: Representative, zh: 销售代表}}}
fields:
  size: {type: number}
  pains: {type: list, of: {text: {type: text, required: true}}}
stages:
""" + "".join(f"  - {{id: s{n}, title: s{n}, phase: qualify, responsible: [rep]}}\n" for n in range(RACES + 2)) + """\
  - {id: signing, title: Signing, phase: close, responsible: [rep], wins: true}
outcomes:
  lost: {status: lost, reasons: [price]}
"""  # fmt: skip

# One of eight: opens a deal of its own, then writes fields, entries and activities there and on the one all share.
WRITER = """
import json, sys
from dealwright.workspace import Workspace

folder, number, each = sys.argv[1], sys.argv[2], int(sys.argv[3])
seen = []
with Workspace.find(__import__("pathlib").Path(folder), actor="rep-1") as ws:
    own = ws.deal_open("relay", f"Deal of {number}")
    seen += own["events"]
    sys.stdin.readline()  # all begin at once
    while len(seen) < each:
        deal = "shared" if len(seen) % 2 else own["deal"]["id"]
        if len(seen) % 3 == 0:
            seen += ws.item_add(deal, "pains", {"text": f"noise {number}-{len(seen)}"})["events"]
        elif len(seen) % 3 == 1:
            seen += ws.deal_set(deal, {"size": str(len(seen))})["events"]
        else:
            seen += ws.activity_log(deal, "call", note=f"by {number}")["events"]
print(json.dumps([event["hash"] for event in seen]))
"""


@pytest.fixture
def relay(tmp_path: Path) -> Desk:
    desk = make_workspace(tmp_path / "acme", TEAM, SETTINGS, relay=RELAY)
    desk.ok("deal", "open", "relay", "--title", "Everybody's", "--id", "shared", as_="rep-1")
    return desk


def start(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip


@pytest.mark.slow
def test_eight_processes_of_fifty_writes_leave_four_hundred_events_in_one_chain(relay: Desk) -> None:
    writers = [start("-c", WRITER, str(relay.folder), str(number), str(EACH)) for number in range(WRITERS)]
    ended = []
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        out, err = writer.communicate(timeout=60)
        assert (writer.returncode, err) == (0, "")
        ended.append(json.loads(out))
    acknowledged = [digest for hashes in ended for digest in hashes]
    assert len(set(acknowledged)) == WRITERS * EACH
    total = relay.ok("deal", "list")["total"]
    assert total == WRITERS + 1
    kept = [e for n in range(total) for e in _events(relay, "shared" if n == 0 else f"relay-{n}")]
    assert set(acknowledged) <= {event["hash"] for event in kept}
    assert sorted(event["position"] for event in kept) == list(range(1, WRITERS * EACH + 2))
    verified = relay.ok("store", "verify")
    assert (verified["ok"], verified["events"]) == (True, WRITERS * EACH + 1)
    shared = relay.ok("deal", "show", "shared")["deal"]
    entries = shared["fields"]["pains"]
    assert len({entry["id"] for entry in entries}) == len(entries) > WRITERS


@pytest.mark.slow
def test_two_advances_at_once_never_move_a_deal_twice(relay: Desk) -> None:
    """Nothing holds the deal at any stage, so that a second move would always be allowed by the process."""
    command = (
        "-m",
        "dealwright",
        "--workspace",
        str(relay.folder),
        "--as",
        "rep-1",
        "deal",
        "advance",
        "shared",
        "-o",
        "json",
    )
    codes: list[tuple[int, ...]] = []
    for race in range(RACES):
        both = [start(*command), start(*command)]
        said = [racer.communicate(timeout=60) for racer in both]
        codes.append(tuple(sorted(racer.returncode for racer in both)))
        assert codes[-1] == (0, 4), f"race {race}: {said}"
        lost = next(json.loads(out) for racer, (out, _) in zip(both, said, strict=True) if racer.returncode == 4)
        assert lost["error"]["kind"] == "conflict"
    moves = _events(relay, "shared", "--type", "advanced")
    assert [(e["data"]["from"], e["data"]["to"]) for e in moves] == [(f"s{n}", f"s{n + 1}") for n in range(RACES)]
    assert relay.ok("deal", "verify", "shared")["ok"] is True


def test_one_after_the_other_two_advances_move_a_deal_twice(relay: Desk) -> None:
    for stage in ("s1", "s2"):
        assert relay.ok("deal", "advance", "shared", as_="rep-1")["deal"]["stage"] == stage


def _events(desk: Desk, deal: str, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.ok("deal", "history", deal, *words)["events"]
    return found
