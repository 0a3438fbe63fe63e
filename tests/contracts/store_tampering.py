"""Random forgeries of a log, by forgers of growing diligence."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from store_events import advanced, fields_set, open_deal, state, write

from dealwright.errors import StoreError
from dealwright.model.canonical import ZERO, canonical
from dealwright.store import create_store, open_store, sql
from dealwright.store.documents import columns_of
from dealwright.store.head_file import Head, HeadFile
from dealwright.store.layouts import DEALS, EVENTS
from dealwright.store.records import event_hash, next_head

CARELESS, CHECKSUMS, HASHES, CHAINS, HEADS, HEAD_FILE, EVERYTHING = LEVELS = range(7)
NAMES = (
    "edits rows alone", "and mends checksums", "and event hashes", "and chains and states", "and heads",
    "and the head file", "and removes the page checksums",
)  # fmt: skip
KINDS = ("edit", "delete", "insert", "swap", "truncate")


class Base(NamedTuple):
    """A whole store to be tampered with, in copies, and the head that its owner noted."""

    path: Path
    head: str
    rows: tuple[tuple[Any, ...], ...]
    deals: tuple[tuple[Any, ...], ...]


class Trial(NamedTuple):
    """A forgery: whether it was found by the store's own means, and with the head noted elsewhere."""

    kind: str
    level: int
    found: bool
    found_with_head: bool


def make_base(folder: Path, deals: int = 6, each: int = 5) -> Base:
    """A store of a few deals whose events are mixed."""
    path = folder / "base.db"
    with create_store(path) as store:
        for number in range(deals):
            open_deal(store, f"b2b-{number}")
        for seq in range(2, each + 1):
            for number in range(deals):
                deal = f"b2b-{number}"
                event = advanced(deal, seq) if seq == 2 else fields_set(deal, seq, note=f"{seq} of {number}")
                write(store, state(deal, seq), seq - 1, event)
        position, head = store.end()
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute(f"SELECT doc_id, body, crc, {_columns(EVENTS)} FROM events ORDER BY doc_id").fetchall()
        kept = raw.execute("SELECT doc_id, body FROM deals ORDER BY doc_id").fetchall()
    return Base(path, f"{position}:{head}", tuple(rows), tuple(kept))


def trial(base: Base, folder: Path, pick: random.Random, level: int | None = None) -> Trial:
    """Forge a copy of the store and look whether that is found."""
    for suffix in ("", ".head", ".seal"):
        shutil.copyfile(base.path.with_name(base.path.name + suffix), folder / f"store.db{suffix}")
    path = folder / "store.db"
    level = pick.choice(LEVELS) if level is None else level
    kind = pick.choice(KINDS)
    _write(path, base, _forge(base, kind, level, pick), level)
    given = base.head if pick.random() < 0.7 else base.head.partition(":")[2]
    return Trial(kind, level, _found(path, None), _found(path, given))


def _found(path: Path, head: str | None) -> bool:
    try:
        with open_store(path) as store:
            return bool(store.verify(head=head).problems)
    except StoreError:
        return True


class _Row:
    """An event as a forger handles it."""

    def __init__(self, row: tuple[Any, ...]) -> None:
        self.doc_id, self.body, self.crc, *columns = row
        self.columns = dict(zip(EVENTS.names, columns, strict=True))
        self.document = json.loads(self.body)


def _forge(base: Base, kind: str, level: int, pick: random.Random) -> list[_Row]:
    rows = [_Row(row) for row in base.rows]
    _DEEDS[kind](rows, pick)
    if level >= CHECKSUMS:
        _mend(rows, level)
    return rows


def _edit(rows: list[_Row], pick: random.Random) -> None:
    document = pick.choice(rows).document
    key = pick.choice(("actor", "recorded_by", "role", "at", "recorded_at", "definition_hash", "data"))
    if key == "data":
        document["data"] = {**document["data"], **({"to": "contract"} if "to" in document["data"] else {"fields": {}})}
    elif key in ("at", "recorded_at"):
        document[key] = f"20{pick.randrange(27, 99)}-01-0{pick.randrange(1, 10)}T00:00:00Z"
    else:
        document[key] = f"forged {pick.random()}"


def _delete(rows: list[_Row], pick: random.Random) -> None:
    del rows[pick.randrange(len(rows) - 1)]


def _insert(rows: list[_Row], pick: random.Random) -> None:
    made = _Row(_raw(pick.choice(rows)))
    made.document["actor"] = "rep-9"
    own = [r for r in rows if r.document["deal"] == made.document["deal"]]
    made.document["seq"] = pick.randrange(2, len(own) + 2)
    at = pick.randrange(1, len(rows))  # behind the last one it would be no forgery of what was there
    made.doc_id = max(r.doc_id for r in rows) + 1
    rows.insert(at, made)


def _swap(rows: list[_Row], pick: random.Random) -> None:
    one, other = pick.sample(rows, 2)
    one.document, other.document = other.document, one.document
    one.columns, other.columns = other.columns, one.columns
    one.body, other.body = other.body, one.body


def _truncate(rows: list[_Row], pick: random.Random) -> None:
    del rows[-pick.randrange(1, len(rows)) :]


_DEEDS: dict[str, Callable[[list[_Row], random.Random], None]] = {
    "edit": _edit, "delete": _delete, "insert": _insert, "swap": _swap, "truncate": _truncate,
}  # fmt: skip


def _raw(row: _Row) -> tuple[Any, ...]:
    return (row.doc_id, canonical(row.document), row.crc, *row.columns.values())


def _mend(rows: list[_Row], level: int) -> None:
    """Bring in order what a forger of this diligence thinks of."""
    seqs: dict[str, int] = {}
    last: dict[str, str] = {}
    head = ZERO
    for at, row in enumerate(rows, 1):
        document = row.document
        deal = document["deal"]
        if level >= HASHES:
            row.doc_id = document["position"] = at
        if level >= CHAINS:
            document["seq"] = seqs[deal] = seqs.get(deal, 0) + 1
            document["prev_hash"] = last.get(deal, ZERO)
        body = canonical(document)
        own = event_hash(body) if level >= HASHES else row.columns["hash"]
        last[deal] = own
        head = next_head(head, own)
        given = {**row.columns, "hash": own, "head": head if level >= HEADS else row.columns["head"]}
        row.columns = dict(zip(EVENTS.names, columns_of(EVENTS, document, given), strict=True))


def _write(path: Path, base: Base, rows: list[_Row], level: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("BEGIN")
        for name in ("no_update", "no_delete"):
            raw.execute(f"DROP TRIGGER events_{name}")
        raw.execute("DROP INDEX events_by_deal")  # a careless forger may break it
        raw.execute("DELETE FROM events")
        insert = sql.insert("events", EVENTS.names)
        for row in rows:
            body = canonical(row.document)
            columns = tuple(row.columns.values())
            crc = crc32(body, crc32(canonical([row.doc_id, *columns]))) if level >= CHECKSUMS else row.crc
            raw.execute(insert, (row.doc_id, body, crc, *columns))
        if level >= CHAINS:
            _write_states(raw, base, rows)
        for statement in sql.create("events", EVENTS):
            if "events_by_deal" in statement or "TRIGGER" in statement:
                try:
                    raw.execute(statement)
                except sqlite3.IntegrityError:
                    raw.execute(statement.replace("UNIQUE", ""))
        raw.execute("COMMIT")
    if level >= HEAD_FILE:
        last = rows[-1].columns["head"] if rows else ZERO
        file = HeadFile(path)
        file.path.unlink()
        file.write(Head(len(rows), last))
        file.close()
    if level >= EVERYTHING:
        path.with_name(path.name + ".seal").unlink()


def _write_states(raw: sqlite3.Connection, base: Base, rows: list[_Row]) -> None:
    """Give each deal's state the version that its forged log ends with."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.document["deal"]] = counts.get(row.document["deal"], 0) + 1
    raw.execute("DELETE FROM deals")
    for doc_id, before in base.deals:
        document = json.loads(before)
        if document["id"] in counts:
            document["version"] = counts[document["id"]]
            body, columns = canonical(document), columns_of(DEALS, document, {})
            crc = crc32(body, crc32(canonical([doc_id, *columns])))
            raw.execute(sql.insert("deals", DEALS.names), (doc_id, body, crc, *columns))


def _columns(layout: Any) -> str:
    return ", ".join(f'"{name}"' for name in layout.names)
