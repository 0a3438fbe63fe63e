"""What a durable append costs: against one plain SQLite insert of the same bytes, and against stock TinyDB.

Run `python benchmarks/store.py [FOLDER] [--deals 20000]`; the folder decides which disk is measured. Everything is
timed in one run and printed as ratios, since absolute times belong to a machine.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
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
FEW = 100
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
    new = []
    for number in range(deals):
        data = Opened(title=f"Example Pumps {number}", process="b2b", process_version="1.0.0", to=STAGES[0])
        event = Event(f"b2b-{number}", 1, "opened", START, "rep-1", "sales_rep", "d" * 64, data)
        new.append((state(number, 1), [event]))
        if len(new) == 1000 or number == deals - 1:
            store.append_new(new, recorded_at=START, recorded_by="os-rep")
            new = []


class Appends:
    """Appends of one event and its state to deals spread over a store."""

    def __init__(self, folder: Path, deals: int) -> None:
        self.deals = deals
        self.store = create_store(folder / f"store-{deals}.db")
        self.versions = dict.fromkeys(range(deals), 1)
        fill(self.store, deals)

    def prepare(self, turn: int) -> Callable[[], object]:
        """One append, ready to be timed."""
        number = turn * 7919 % self.deals
        version = self.versions[number] = self.versions[number] + 1
        document, event = state(number, version), moved(number, version)
        return lambda: self.store.append(document, version - 1, [event], recorded_at=START, recorded_by="os-rep")


class PlainInserts:
    """One durable insert of so many bytes into a bare SQLite table."""

    def __init__(self, folder: Path, size: int) -> None:
        self.raw = sqlite3.connect(folder / "plain.db", isolation_level=None)
        self.raw.execute("PRAGMA journal_mode=WAL")
        self.raw.execute("PRAGMA synchronous=FULL")
        self.raw.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, body BLOB)")
        self.body = b"x" * size

    def prepare(self, _: int) -> Callable[[], object]:
        """One insert."""
        return lambda: self.raw.execute("INSERT INTO rows (body) VALUES (?)", (self.body,))


class Stock:
    """Updates of a deal in stock TinyDB, which rewrites its file."""

    def __init__(self, folder: Path, deals: int) -> None:
        self.db = TinyDB(folder / "stock.json")
        self.db.insert_multiple(state(number, 1) for number in range(deals))

    def prepare(self, turn: int) -> Callable[[], object]:
        """One update."""
        document = state(turn, 2)
        return lambda: self.db.update(document, doc_ids=[turn + 1])


def medians(contestants: Sequence[Any], rounds: int = ROUNDS) -> list[float]:
    """The median time of each in microseconds, taken in turns, so that a busy moment hits all alike."""
    times: list[list[float]] = [[] for _ in contestants]
    for turn in range(rounds):
        for contestant, taken in zip(contestants, times, strict=True):
            action = contestant.prepare(turn)
            begin = time.perf_counter()
            action()
            taken.append(time.perf_counter() - begin)
    return [statistics.median(taken) * 1e6 for taken in times]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--deals", type=int, default=20_000)
    asked = parser.parse_args()
    sizes = (FEW, asked.deals)
    size = len(canonical(state(1, 2))) + len(canonical(moved(1, 2)))
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        inserts, stock = PlainInserts(folder, size), Stock(folder, 1_000)
        stores = [Appends(folder, deals) for deals in sizes]
        plain, *ours = medians([inserts, *stores])
        (tiny,) = medians([stock], 30)
        print(f"plain SQLite WAL-FULL insert of {size} bytes  {plain:9.0f} us   1.00")
        for deals, taken in zip(sizes, ours, strict=True):
            print(f"append, {deals:6} deals in the store           {taken:9.0f} us   {taken / plain:.2f}   (goal <= 2)")
        print(f"{asked.deals} over {FEW} deals                              {ours[1] / ours[0]:.2f}   (goal <= 1.3)")
        print(f"stock TinyDB, one update among 1000 deals   {tiny:9.0f} us   {tiny / plain:.2f}")
        for store in stores:
            store.store.close()
        inserts.raw.close()
        stock.db.close()


if __name__ == "__main__":
    main()
