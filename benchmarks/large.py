"""A store of 100,000 deals beside one of 100: cold commands, a filtered list, an import, the room that a deal takes.

    python benchmarks/large.py [--deals 100000] [--rounds 9]

Everything is timed in one run and taken in turns; the ratios count, the times belong to a machine. Beside
stand the same work in plain sqlite3 (a table of the same bytes with an index) and in stock TinyDB (a
tenth of the deals, since it reads and writes its whole file each time).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from tinydb import TinyDB

from dealwright.engine import Context, Program, blank, decide, evolve, to_document
from dealwright.engine import commands as c
from dealwright.events import Event
from dealwright.guards import Moment
from dealwright.model.people import Person, Team
from dealwright.store import create_store, open_store
from dealwright.workspace import Workspace

PROCESS = """
dealwright: "1"
process: bench
version: 1.0.0
title: Bench
type: b2b
currency: CNY
roles: {rep: {title: Rep}}
fields: {source: {type: text}, score: {type: number}, fit: {type: text}, region: {type: text}, budget: {type: money}}
stages:
  - {id: one, title: One, phase: qualify, responsible: [rep], sla: 10d}
  - {id: two, title: Two, phase: discover, responsible: [rep], sla: 10d}
  - {id: three, title: Three, phase: close, responsible: [rep], sla: 10d, wins: true}
outcomes: {lost: {status: lost, reasons: [price]}}
"""
MAP = """
import: deals
process: bench
dates: ["%Y-%m-%d"]
id: Id
title: ["{Source} ({Id})"]
fields: {source: {column: Source}, amount: {column: Amount, currency: CNY}}
stages:
  column: Stage
  values:
    One: [{what: opened, to: one, at: Opened}]
    Two: [{what: opened, to: two, at: Opened}]
"""
SETTINGS = 'dealwright: "1"\nallow_as: true\n'
TEAM = "people: {rep-1: {roles: [rep]}}\n"
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
SHARE = 10  # every tenth deal stands at the stage that is listed
LIST = """\
import json, sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute("SELECT body FROM deals WHERE stage = 'two' ORDER BY doc_id").fetchall()
keys = ("id title process process_version definition_hash status hold stage owner version opened_at entered_at due_at "
        "won_at closed_at reason external_id parent_deal last_at stall_at follow_ups").split()
deals = [{key: one[key] for key in keys} for one in map(json.loads, (body for (body,) in rows))]
print(json.dumps({"total": len(deals), "deals": deals}, indent=2))
"""
TINY = """\
import sys
from tinydb import TinyDB, where
print(TinyDB(sys.argv[1]).search(where(sys.argv[2]) == sys.argv[3])[:1])
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        small, large = workspace(place / "small", 100), workspace(place / "large", asked.deals)
        room(large, asked.deals)
        cold(small, large, place, asked.rounds, asked.deals)
        listing(large)
        importing(place, min(asked.deals, 20_000))


def workspace(folder: Path, deals: int) -> Path:
    """A workspace with so many deals, of three events each where they were moved."""
    (folder / "processes").mkdir(parents=True)
    (folder / "dealwright.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "team.yaml").write_text(TEAM, encoding="utf-8")
    (folder / "processes" / "bench.process.yaml").write_text(PROCESS, encoding="utf-8")
    create_store(folder / ".dealwright" / "store.db").close()
    with Workspace(folder, actor="rep-1") as ws:
        first = ws.deal_open("bench", "First", deal_id="first")
        program = ws.program_of(first["deal"]["definition_hash"])
        lives = (life(program, number) for number in range(deals - 1))
        with ws.store.transaction():
            while some := list(islice(lives, 1000)):
                ws.store.append_new(some, recorded_at=START, recorded_by="os-rep")
    return folder


def life(program: Program, number: int) -> tuple[dict[str, Any], list[Event]]:
    """A deal's document and its events, decided as any others."""
    deal = blank(program.layout, f"bench-{number}")
    events: list[Event] = []
    fields = {"source": "referral", "score": 80, "region": "north", "budget": 5000, "amount": 120000 + number}
    script: list[c.Command] = [
        c.Open(id=f"bench-{number}", title=f"Example Pumps {number}", owner="rep-1", fields=fields),
        c.SetFields(fields={"fit": "yes"}), *([] if number % SHARE else [c.Advance()]),
    ]  # fmt: skip
    at = START + timedelta(minutes=number % 5000)
    for command in script:
        context = Context("rep-1", ("rep",), Moment(at, UTC), Team({"rep-1": Person("rep-1", ("rep",))}))
        decided = decide(program, deal, command, context)
        assert isinstance(decided, tuple), decided
        for event in decided:
            deal = evolve(deal, event)
            events.append(event)
    return to_document(deal), events


def room(folder: Path, deals: int) -> None:
    """Bytes a deal, in the store and beside it."""
    with open_store(folder / ".dealwright" / "store.db") as store:
        events = store.info().events
        (plain,) = store.storage._connection.execute(
            "SELECT (SELECT sum(length(body)) FROM events) + (SELECT sum(length(body)) FROM deals)"
        ).fetchone()
    total = sum(file.stat().st_size for file in (folder / ".dealwright").glob("store.db*"))
    print(f"{deals:,} deals with {events:,} events: {total / deals:,.0f} bytes a deal on disk, "
          f"{plain / deals:,.0f} of them JSON")  # fmt: skip


def cold(small: Path, large: Path, place: Path, rounds: int, deals: int) -> None:
    """Whole commands in processes of their own."""
    launcher = str(Path(sys.executable).with_name("dealwright"))
    tiny = place / "tiny.json"
    with open_store(large / ".dealwright" / "store.db") as store:
        few = store.deals(limit=deals // 10)[1]
        with TinyDB(tiny) as db:
            db.insert_multiple(few)
    turn = iter(range(1, 10**6))

    def ours(folder: Path, *argv: str) -> Callable[[], list[str]]:
        return lambda: [launcher, "--workspace", str(folder), "--as", "rep-1", *argv, "-o", "json"]

    def advance(folder: Path, count: int) -> Callable[[], list[str]]:
        def made() -> list[str]:
            number = next(turn) % count
            return ours(folder, "deal", "advance", f"bench-{number + (not number % SHARE)}")()

        return made

    store_path = str(large / ".dealwright" / "store.db")
    table: dict[str, Callable[[], list[str]]] = {
        "python -c pass": lambda: [sys.executable, "-c", "pass"],
        "deal show, 100 deals": ours(small, "deal", "show", "bench-5"),
        f"deal show, {deals:,}": ours(large, "deal", "show", f"bench-{deals // 2}"),
        "deal advance, 100 deals": advance(small, 90),
        f"deal advance, {deals:,}": advance(large, deals - 10),
        f"deal list --stage, {deals:,}": ours(large, "deal", "list", "--stage", "two"),
        f"the same in sqlite3, {deals:,}": lambda: [sys.executable, "-c", LIST, store_path],
        f"TinyDB, one deal, {deals // 10:,}": lambda: [sys.executable, "-c", TINY, str(tiny), "id", "bench-5"],
        f"TinyDB, by stage, {deals // 10:,}": lambda: [sys.executable, "-c", TINY, str(tiny), "stage", "two"],
    }
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in table}
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    for number in range(rounds + 1):
        for name, made in table.items():
            took = run(made(), env)
            if number:
                times[name].append(took)
    middle = {name: statistics.median(wall for wall, _ in taken) for name, taken in times.items()}
    least = {name: min(cpu for _, cpu in taken) for name, taken in times.items()}
    print(f"{'cold commands':34}{'ms':>8}{'of pass':>9}{'CPU ms':>9}{'of pass':>9}")
    bare, *rest = least.values()
    for name, wall in middle.items():
        print(f"{name:34}{wall * 1000:8.0f}{wall / middle['python -c pass']:9.2f}"
              f"{least[name] * 1000:9.0f}{least[name] / bare:9.2f}")  # fmt: skip
    show, shows, move, moves, listed, plain, *_ = rest
    print(f"{deals:,} over 100 deals, CPU: show {shows / show:.2f}, advance {moves / move:.2f} (goal <= 1.5 each); "
          f"list over sqlite3 {listed / plain:.2f} (goal <= 2)")  # fmt: skip


def run(argv: list[str], env: dict[str, str]) -> tuple[float, float]:
    """A command's time by the wall and on the CPU; the second bears a busy machine better."""
    before, begin = children(), time.perf_counter()
    done = subprocess.run(argv, env=env, capture_output=True, check=False)
    wall, used = time.perf_counter() - begin, children() - before
    if done.returncode:
        raise SystemExit(done.stdout.decode() + done.stderr.decode())
    return wall, used or wall


def children() -> float:
    """Seconds of CPU that ended children have used; 0 on a platform that does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def listing(folder: Path) -> None:
    """The filtered list within one process, against the same SQL with the same JSON read."""
    path = folder / ".dealwright" / "store.db"
    raw = sqlite3.connect(path)

    def plain() -> int:
        query = "SELECT body FROM deals WHERE stage = ? ORDER BY doc_id"
        return len([json.loads(body) for (body,) in raw.execute(query, ("two",))])

    with Workspace(folder, actor="rep-1") as ws:
        rows = plain()
        assert rows == ws.deal_list(stage="two")["total"]
        ours, theirs = best(lambda: ws.deal_list(stage="two"), plain)
    raw.close()
    print(f"deal list --stage, {rows:,} rows in one process: {ours * 1000:.0f} ms; sqlite3 and json.loads "
          f"{theirs * 1000:.0f} ms; ratio {ours / theirs:.2f} (goal <= 2)")  # fmt: skip


def best(*works: Callable[[], object], rounds: int = 7) -> list[float]:
    """The shortest time of each, taken in turns."""
    shortest = [float("inf")] * len(works)
    for _ in range(rounds):
        for at, work in enumerate(works):
            begin = time.perf_counter()
            work()
            shortest[at] = min(shortest[at], time.perf_counter() - begin)
    return shortest


def importing(place: Path, deals: int) -> None:
    """A table imported, imported again, and its rows put into plain SQLite by executemany."""
    folder = workspace(place / "import", 1)
    file, import_map = place / "deals.csv", place / "bench.map.yaml"
    import_map.write_text(MAP, encoding="utf-8")
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["Id", "Source", "Stage", "Opened", "Amount"], *rows_of(deals)])
    with Workspace(folder, actor="rep-1") as ws:
        begin = time.perf_counter()
        told = ws.import_deals(file, import_map)
        took = time.perf_counter() - begin
        assert told["created"] == deals, told
        begin = time.perf_counter()
        assert ws.import_deals(file, import_map)["unchanged"] == deals
        again = time.perf_counter() - begin
    raw = sqlite3.connect(place / "plain.db", isolation_level=None)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE deals (id TEXT, body TEXT)"):
        raw.execute(statement)
    begin = time.perf_counter()
    raw.execute("BEGIN")
    with file.open(encoding="utf-8", newline="") as read:
        raw.executemany("INSERT INTO deals VALUES (?, ?)", ((r["Id"], json.dumps(r)) for r in csv.DictReader(read)))
    raw.execute("COMMIT")
    plain = time.perf_counter() - begin
    raw.close()
    print(f"import of {deals:,} deals: {deals / took:,.0f} deals/s (goal >= 5,000); again, unchanged: "
          f"{deals / again:,.0f}/s; csv and executemany alone: {deals / plain:,.0f} rows/s")  # fmt: skip


def rows_of(deals: int) -> Iterator[list[object]]:
    """The table's rows."""
    for number in range(deals):
        yield [f"D{number}", "referral", "Two" if number % 2 else "One", "2025-10-20", 1000 + number]


if __name__ == "__main__":
    main()
