"""Several processes at one workspace: no acknowledged write is lost, and no deal is moved twice by two at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from contract_world import SETTINGS, TEAM
from crowd import both, crowd, races, track_workspace
from desk import Desk, make_workspace

from dealwright.workspace import Workspace

WRITERS = 8
EACH = 50
RACES = 12

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

# A call of the command line that was given when the line it reads says.
RACER = """
import sys
from dealwright.cli.app import run

sys.exit(run(sys.argv[1:], float(sys.stdin.readline())))
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
    """Nothing holds the deal at any stage, so that a second move would always be allowed by the process.

    Both calls are given at one instant, whenever the machine gets round to each.
    """
    command = (
        "-c", RACER, "--workspace", str(relay.folder), "--as", "rep-1", "deal", "advance", "shared", "-o", "json"
    )  # fmt: skip
    codes: list[tuple[int, ...]] = []
    for race in range(RACES):
        racers = [start(*command), start(*command)]
        given = time.time()
        for racer in racers:
            assert racer.stdin
            racer.stdin.write(f"{given!r}\n")
            racer.stdin.flush()
        said = [racer.communicate(timeout=60) for racer in racers]
        codes.append(tuple(sorted(racer.returncode for racer in racers)))
        assert codes[-1] == (0, 4), f"race {race}: {said}"
        lost = next(json.loads(out) for racer, (out, _) in zip(racers, said, strict=True) if racer.returncode == 4)
        assert lost["error"]["kind"] == "conflict"
        assert lost["error"]["details"]["stage"] == f"s{race + 1}"
    moves = _events(relay, "shared", "--type", "advanced")
    assert [(e["data"]["from"], e["data"]["to"]) for e in moves] == [(f"s{n}", f"s{n + 1}") for n in range(RACES)]
    assert relay.ok("deal", "verify", "shared")["ok"] is True


def test_one_after_the_other_two_advances_move_a_deal_twice(relay: Desk) -> None:
    for stage in ("s1", "s2"):
        assert relay.ok("deal", "advance", "shared", as_="rep-1")["deal"]["stage"] == stage


@pytest.mark.slow
def test_eight_movers_lose_no_move_and_readers_see_no_error_meanwhile(tmp_path: Path) -> None:
    folder = track_workspace(tmp_path / "acme", deals=20)
    moves, reads = crowd(folder, deals=20, writers=8, each=15, readers=1)
    acknowledged = [digest for one in moves for digest in one.hashes]
    assert len(set(acknowledged)) == len(acknowledged) == 8 * 15
    assert [error for one in reads for error in one.errors] == []
    assert sum(one.rounds for one in reads) > 0
    with Workspace.find(folder) as ws:
        assert {record.hash for record in ws.store.events() if record.seq > 1} == set(acknowledged)
        assert ws.store.verify().problems == ()


@pytest.mark.slow
def test_the_loser_of_a_race_is_told_where_the_deal_went(tmp_path: Path) -> None:
    folder = track_workspace(tmp_path / "acme")
    for number, raced in enumerate(races(folder, 40)):
        assert raced.codes == (0, 4)
        assert raced.told["message"] == f"race-0 has changed: somebody moved it to s{number + 1} (open) first"
        assert raced.told["details"] == {"deal": "race-0", "version": number + 2, "stage": f"s{number + 1}"}


@pytest.mark.slow
def test_two_workspaces_written_by_turns_never_mix(tmp_path: Path) -> None:
    folders = (track_workspace(tmp_path / "one", deals=1), track_workspace(tmp_path / "other", deals=1))
    told = both(*folders, each=15)
    for which, (folder, name) in enumerate(zip(folders, ("one", "other"), strict=True)):
        with Workspace.find(folder) as ws:
            records = [record for record in ws.store.events("deal-0") if record.seq > 1]
            assert {record.hash for record in records} == {digest for hashes in told for digest in hashes[which]}
            assert {r.data["fields"]["mark"].partition("-")[0] for r in records if r.type == "fields_set"} == {name}
            assert {a["note"] for a in ws.activity_list("deal-0")["activities"]} == {f"said in {name}"}
            assert ws.store.verify().problems == ()


def _events(desk: Desk, deal: str, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.ok("deal", "history", deal, *words)["events"]
    return found
