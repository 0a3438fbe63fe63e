"""Writers killed at random moments, thousands of times: what they acknowledged is there, and nothing is half done.

A child is forked for each trial, so that no trial waits for Python to start. It writes as fast as
it can and says what is committed; it is killed with SIGKILL at a random moment, while it opens,
writes, folds the journal or closes. Then the store is opened and compared with what was said.

`python store_crashing.py --trials N` prints a table and ends with 1 where anything was lost.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from store_events import advanced, at, event, fields_set, open_deal, opened, state, write
from store_world import ROWS, make_world, ok, prepare, run

from dealwright.errors import DealwrightError
from dealwright.store import create_store, open_store
from dealwright.store.tiny import TinyStore

SIZES = (0, 1_000, 20_000)
SHARES = {0: 0.3, 1_000: 0.4, 20_000: 0.2}  # of the trials; the others run whole commands
BATCH = 15  # deals of one import
TOTAL = 1_000  # what the plugin's two accounts hold together, always
LONGEST = 0.06  # seconds that a writer lives after its first word
LONGEST_COMMANDS = 0.3


class Counts(NamedTuple):
    """What went wrong, summed over trials; `said` counts what was acknowledged."""

    trials: int = 0
    said: int = 0
    lost: int = 0
    unreadable: int = 0
    half: int = 0

    def plus(self, other: Counts) -> Counts:
        return Counts(*map(sum, zip(self, other, strict=True)))


# -- the writers


def _write_store(path: Path, size: int, pick: random.Random, out: int) -> None:
    """Open, change, close; over and over. Each line said is of something committed."""
    if not path.exists():
        create_store(path).close()
    os.write(out, b"r\n")
    name = 0
    while True:
        with open_store(path) as store:
            for _ in range(pick.randrange(1, 15)):
                name += 1
                os.write(out, _DEEDS[pick.randrange(len(_DEEDS))](store, f"{os.getpid()}-{name}", size, pick))


def _insert(store: TinyStore, name: str, size: int, pick: random.Random) -> bytes:
    with store.transaction():
        store.next_number("b2b")
        (record,) = open_deal(store, f"new-{name}")
    return f"e {record.position} {record.hash}\n".encode()


def _update(store: TinyStore, name: str, size: int, pick: random.Random) -> bytes:
    deal = f"b2b-{pick.randrange(size)}" if size else "b2b-0"
    document = store.deal(deal)
    if document is None:
        return _insert(store, name, size, pick)
    version = document["version"]
    events = [fields_set(deal, version + 1, n=name), advanced(deal, version + 2)][: pick.randrange(1, 3)]
    records = write(store, state(deal, version + len(events)), version, *events)
    return f"e {records[-1].position} {records[-1].hash}\n".encode()


def _import(store: TinyStore, name: str, size: int, pick: random.Random) -> bytes:
    with store.transaction():
        for number in range(BATCH):
            deal = f"batch-{name}-{number}"
            two = (opened(deal), event(deal, 2, "advanced", advanced(deal, 2).data))
            records = store.append(state(deal, 2), 0, two, recorded_at=at(1), recorded_by="os-rep")
    return f"e {records[-1].position} {records[-1].hash}\n".encode()


def _table(store: TinyStore, name: str, size: int, pick: random.Random) -> bytes:
    """A plugin's table: a document added and one removed, money from one account to the other, a count."""
    notes, accounts = store.db.table("notes"), store.db.table("accounts")
    with store.transaction():
        if not len(accounts):
            accounts.insert_multiple([{"held": TOTAL}, {"held": 0}, {"count": 0}])
        notes.insert({"name": name})
        if len(notes) > 20:
            notes.remove(doc_ids=[notes.all()[0].doc_id])
        for doc_id, change in ((1, -1), (2, 1)):
            accounts.update({"held": accounts.get(doc_id=doc_id)["held"] + change}, doc_ids=[doc_id])
        count = accounts.get(doc_id=3)["count"] + 1
        accounts.update({"count": count}, doc_ids=[3])
    return f"n {count}\n".encode()


_DEEDS = (_insert, _update, _update, _update, _import, _table, _table)


def _write_commands(folder: Path, pick: random.Random, out: int) -> None:
    """Whole commands, in their own process as far as the store can tell."""
    os.write(out, b"r\n")
    given = folder.parent / "given"
    while True:
        deal = f"mini-{pick.randrange(1, 4)}"
        file = given / f"{os.getpid()}.eml"
        file.write_bytes(pick.randbytes(pick.randrange(10, 20_000)))
        argv = pick.choice((
            ("deal", "open", "mini", "--title", "Another", "--set", "source=web"),
            ("deal", "set", deal, "--set", f"source={pick.random()}", "--set", f"secret={pick.random()}"),
            ("activity", "log", deal, "email", "--by", "seller", "--proof", str(file), "--note", "so it was"),
            ("deal", "advance", deal),
            ("deal", "move", deal, "--to", "first", "--reason", "again"),
            ("import", "deals", str(given / "deals.csv"), "--map", str(given / "mini.map.yaml")),
        ))  # fmt: skip
        said = run(folder, *argv)
        file.unlink()
        if said.code == 0 and argv[0] != "import":
            last = said.json["events"][-1]
            os.write(out, f"e {last['position']} {last['hash']}\n".encode())


# -- a trial


def _killed(work: Any, pick: random.Random, longest: float = LONGEST) -> list[bytes]:
    """Let a child work, kill it at a random moment, and give what it said in whole lines."""
    read, out = os.pipe()
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException):
            os.close(read)
            work(random.Random(pick.random()), out)
        os._exit(1)
    os.close(out)
    said = b""
    if pick.random() < 0.9:
        said = os.read(read, 65536)  # it is up
    time.sleep(pick.random() * longest)
    os.kill(child, signal.SIGKILL)
    while more := os.read(read, 65536):
        said += more
    os.close(read)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the writer ended by itself: {said[-300:]!r}"
    return [line for line in said.split(b"\n")[:-1] if line != b"r"]


def _compare(path: Path, said: list[bytes], start: int) -> Counts:
    """Hold what was said against what is there."""
    counts = Counts(trials=1, said=len(said))
    if not path.exists():
        return counts._replace(lost=len(said))
    try:
        with open_store(path) as store:
            lost = half = 0
            for line in said:
                kind, *rest = line.decode().split()
                lost += not _is_there(store, kind, rest)
            position, _ = store.end()
            touched = {r.deal: r for r in _events_since(store, start)}
            half += sum(bool(store.verify(deal).problems) for deal in touched)
            half += _torn_batches(store, touched) + _torn_accounts(store)
            lost += position < start
    except DealwrightError as error:
        print(f"unreadable: {error}", file=sys.stderr)
        return counts._replace(unreadable=1)
    return counts._replace(lost=lost, half=half)


def _is_there(store: TinyStore, kind: str, rest: list[str]) -> bool:
    if kind == "n":
        found = store.db.table("accounts").get(doc_id=3)
        return found is not None and found["count"] >= int(rest[0])
    return store.storage.columns("events", ("hash",), {"doc_id": int(rest[0])}) == [(rest[1],)]


def _events_since(store: TinyStore, start: int) -> Iterator[Any]:
    from dealwright.store.records import read_record

    end, _ = store.end()
    for position in range(start + 1, end + 1):
        row = store.storage.row("events", position)
        assert row is not None
        yield read_record(row.body, str(row.columns[8]))


def _torn_batches(store: TinyStore, touched: dict[str, Any]) -> int:
    """Imports of which only a part is there."""
    batches: dict[str, int] = {}
    for deal, record in touched.items():
        if deal.startswith("batch-"):
            batches[deal.rpartition("-")[0]] = batches.get(deal.rpartition("-")[0], 0) + (record.seq == 2)
    commands = [deal for deal, record in touched.items() if record.type == "imported"]
    return sum(count != BATCH for count in batches.values()) + (len(commands) not in (0, ROWS))


def _torn_accounts(store: TinyStore) -> int:
    accounts = store.db.table("accounts").all()
    return bool(accounts) and (len(accounts) != 3 or accounts[0]["held"] + accounts[1]["held"] != TOTAL)


def _whole(path: Path) -> Counts:
    """A whole verification, pages and head included."""
    with open_store(path) as store:
        problems = store.verify().problems
    for problem in problems:
        print(f"damage: {problem}", file=sys.stderr)
    return Counts(unreadable=len(problems))


def _end(path: Path) -> int:
    if not path.exists():
        return 0
    with open_store(path) as store:
        return store.end()[0]


# -- all of them


def crash_store(folder: Path, size: int, trials: int, pick: random.Random) -> Counts:
    """Trials on a store of so many deals; one that began empty is begun anew every ten."""
    total = Counts()
    path = folder / f"store-{size}.db"
    if size:
        with create_store(path) as store, store.transaction():
            for number in range(size):
                open_deal(store, f"b2b-{number}")
    for number in range(trials):
        if not size and number % 10 == 0:
            for file in folder.glob("store-0.db*"):
                file.unlink()
        start = _end(path)
        said = _killed(lambda chance, out, size=size: _write_store(path, size, chance, out), pick)
        total = total.plus(_compare(path, said, start))
        if path.exists() and (number % 100 == 99 or size == 0 or number == trials - 1):
            total = total.plus(_whole(path))
    return total


def crash_commands(folder: Path, trials: int, pick: random.Random) -> Counts:
    """Trials of whole commands on a workspace, begun anew every hundred."""
    total = Counts()
    for number in range(trials):
        if number % 100 == 0:
            home = folder / f"world-{number}"
            home.mkdir()
            acme = make_world(home)
            prepare(acme)
        path = acme / ".dealwright" / "store.db"
        start = _end(path)
        said = _killed(lambda chance, out, acme=acme: _write_commands(acme, chance, out), pick, LONGEST_COMMANDS)
        total = total.plus(_compare(path, said, start))
        if number % 10 == 9 or number == trials - 1:
            total = total.plus(Counts(unreadable=0 if ok(acme, "store", "verify")["ok"] else 1))
    return total


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    pick = random.Random(asked.seed)
    begin = time.perf_counter()
    total = Counts()
    print(f"{'writers killed on':25} {'trials':>7} {'said':>9} {'lost':>6} {'unreadable':>11} {'half done':>10}")
    with tempfile.TemporaryDirectory() as name:
        left = asked.trials
        for size in SIZES:
            trials = round(asked.trials * SHARES[size])
            left -= trials
            total = _show(f"a store of {size} deals", crash_store(Path(name), size, trials, pick), total)
        total = _show("a workspace, by commands", crash_commands(Path(name), left, pick), total)
    _show("all", total, Counts())
    print(f"{time.perf_counter() - begin:.0f} s")
    return 1 if total.lost or total.unreadable or total.half else 0


def _show(what: str, counts: Counts, total: Counts) -> Counts:
    trials, said, lost, unreadable, half = counts
    print(f"{what:25} {trials:7} {said:9} {lost:6} {unreadable:11} {half:10}", flush=True)
    return total.plus(counts)


if __name__ == "__main__":
    raise SystemExit(main())
