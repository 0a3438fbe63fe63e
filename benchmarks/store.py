"""What a durable append costs: against one plain SQLite insert of the same bytes, and against stock TinyDB.

Run `python benchmarks/store.py [FOLDER]`; the folder decides which disk is measured. Everything is
timed in one run and printed as ratios, since absolute times belong to a machine.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tinydb import TinyDB

from dealwright.events import Event, Judged, Moved, Opened
from dealwright.model.canonical import canonical
from dealwright.store import create_store
from dealwright.store.tiny import TinyStore

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ROUNDS = 400
SIZES = (100, 20_000)
STAGES = ("prospect", "qualify", "needs", "solution", "proposal", "negotiation", "contract")


def state(number: int, version: int) -> dict[str, Any]:
    """A deal document of about 1.5 kB."""
    fields = {f"field_{n}": f"what the customer said about point {n}, in a sentence or so" for n in range(14)}
    return {
        "id": f"b2b-{number}", "version": version, "process": "b2b", "stage": STAGES[version % len(STAGES)],
        "status": "open", "owner": f"rep-{number % 25}", "due_at": (START + timedelta(hours=number)).isoformat(),
        "external_id": f"crm-{number}", "title": f"Example Pumps {number}", "opened_at": START.isoformat(),
        "fields": fields,
    }  # fmt: skip


def moved(number: int, version: int) -> Event:
    """A transition with five judged criteria, of about 0.8 kB."""
    criteria = tuple(Judged(f"criterion_{n}", "process", "met") for n in range(5))
    data = Moved(from_=STAGES[(version - 1) % 7], to=STAGES[version % 7], criteria=criteria)
    return Event(f"b2b-{number}", version, "advanced", START, "rep-1", "sales_rep", "d" * 64, data)


def fill(store: TinyStore, deals: int) -> None:
    """Open so many deals."""
    with store.transaction():
        for number in range(deals):
            data = Opened(title=f"Example Pumps {number}", process="b2b", process_version="1.0.0", to=STAGES[0])
            event = Event(f"b2b-{number}", 1, "opened", START, "rep-1", "sales_rep", "d" * 64, data)
            store.append(state(number, 1), 0, [event], recorded_at=START, recorded_by="os-rep")


def median(action: Callable[[int], object], rounds: int = ROUNDS) -> float:
    """The median time of `action` over so many rounds, in microseconds."""
    times = []
    for turn in range(rounds):
        begin = time.perf_counter()
        action(turn)
        times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1e6


def appends(folder: Path, deals: int) -> float:
    """Append one event and its state to deals spread over the store."""
    with create_store(folder / f"store-{deals}.db") as store:
        fill(store, deals)
        versions = dict.fromkeys(range(deals), 1)

        def append(turn: int) -> None:
            number = turn * 7919 % deals
            version = versions[number] = versions[number] + 1
            store.append(
                state(number, version), version - 1, [moved(number, version)], recorded_at=START, recorded_by="os-rep"
            )

        return median(append)


def plain_inserts(folder: Path, size: int) -> float:
    """One durable insert of `size` bytes into a bare SQLite table."""
    with closing(sqlite3.connect(folder / f"plain-{size}.db", isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, body BLOB)")
        body = b"x" * size
        return median(lambda _: raw.execute("INSERT INTO rows (body) VALUES (?)", (body,)))


def stock(folder: Path, deals: int) -> float:
    """One update of a deal in stock TinyDB, which rewrites its file."""
    with TinyDB(folder / "stock.json") as db:
        db.insert_multiple(state(number, 1) for number in range(deals))
        return median(lambda turn: db.update(state(turn, 2), doc_ids=[turn + 1]), 30)


def main() -> None:
    """Print the table."""
    size = len(canonical(state(1, 2))) + len(canonical(moved(1, 2)))
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as name:
        folder = Path(name)
        plain = plain_inserts(folder, size)
        print(f"plain SQLite WAL-FULL insert of {size} bytes  {plain:9.0f} us   1.00")
        for deals in SIZES:
            ours = appends(folder, deals)
            print(f"append, {deals:6} deals in the store           {ours:9.0f} us   {ours / plain:.2f}   (goal <= 2)")
        plain_again = plain_inserts(folder, size + 1)
        print(f"plain insert again, to see the noise        {plain_again:9.0f} us   {plain_again / plain:.2f}")
        tiny = stock(folder, 1_000)
        print(f"stock TinyDB, one update among 1000 deals   {tiny:9.0f} us   {tiny / plain:.2f}")


if __name__ == "__main__":
    main()
