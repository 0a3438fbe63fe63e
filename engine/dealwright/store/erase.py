"""Erasing personal values so that no byte of them stays in the store's files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from tinydb import where

from dealwright.store.layouts import DEALS, EVENTS, PERSONAL
from dealwright.store.storage import SQLiteStorage
from dealwright.store.tables import Database

_KEY = b'"value":'  # what stands before a value in the body of a row of `personal`, and in no other table's
_LONGEST = 96  # bytes of a value that are looked for: a longer one does not get lost among others
_SHORTEST = 8  # bytes of an end that are looked for alone: shorter ones are everywhere
_CHUNK = 8 << 20
_ERASURE = "personal_erased"


def refs_of(storage: SQLiteStorage, subject: str) -> list[str]:
    """The references of all values kept under a subject."""
    return [ref for (ref,) in storage.columns(PERSONAL.name, ("ref",), {"subject": subject})]


def erase_values(db: Database, refs: Sequence[str]) -> int:
    """Remove the rows of `refs`, value and salt together; how many there were. Call it inside a transaction."""
    table = db.rows(PERSONAL.name)
    return sum(len(table.remove(where("ref") == ref)) for ref in refs)


def uses_of_file(storage: SQLiteStorage, sha256: str) -> list[tuple[str, int]]:
    """(deal, seq) of each event that names the file, those that tell of its erasure left out."""
    found = storage.containing(EVENTS.name, ("deal", "seq", "type"), sha256.encode())
    return [(deal, seq) for deal, seq, kind in found if kind != _ERASURE]


def scrub(storage: SQLiteStorage, values: Sequence[Any]) -> tuple[str, ...]:
    """See to it that values whose rows are gone are in no file of the store; the names of files where they may be.

    Deleted rows are zeroed when they are deleted (`secure_delete`), so emptying the journal is
    nearly always enough. SQLite may have left a copy of a row behind when it rearranged a page;
    then, and where `values` does not tell what to look for, the whole file is rewritten.
    A reader that has been at it since before the erasure keeps the journal from being emptied.
    """
    with storage.alone():
        emptied = storage.checkpoint()
        if emptied and (not values or _remains(storage, values)):
            storage.vacuum()
            emptied = storage.checkpoint()
    return () if emptied else (storage.path.name + "-wal",)


def _remains(storage: SQLiteStorage, values: Sequence[Any]) -> bool:
    """Whether one of `values` is in the file more often than rows that are still kept account for."""
    marks: set[bytes] = set()
    for value in values:
        encoded = msgspec.json.encode(value)
        marks.add(_KEY + encoded[:_LONGEST])
        # What was written over the front of a copy may have left its end.
        if len(encoded) > _SHORTEST:
            marks.add(encoded[-_LONGEST:].strip(b'"'))
    found: Counter[bytes] = Counter()
    at = 0
    while chunk := storage.content(at, _CHUNK):
        at += _CHUNK
        # A mark that the next chunk goes on with is counted here, and its rest there is none.
        whole = chunk + storage.content(at, len(_KEY) + _LONGEST - 1)
        for mark in marks:
            found[mark] += _count(whole, mark, len(chunk))
    return any(count > _accounted(storage, mark) for mark, count in found.items() if count)


def _accounted(storage: SQLiteStorage, mark: bytes) -> int:
    """In how many rows a mark still stands by right. One that has it twice only costs a rewriting."""
    tables = (PERSONAL.name,) if mark.startswith(_KEY) else (PERSONAL.name, EVENTS.name, DEALS.name)
    return sum(len(storage.containing(table, ("doc_id",), mark)) for table in tables)


def _count(content: bytes, mark: bytes, before: int) -> int:
    """How often `mark` begins in the first `before` bytes of `content`."""
    count, at = 0, content.find(mark)
    while 0 <= at < before:
        count, at = count + 1, content.find(mark, at + 1)
    return count


def copies(store: Path) -> Iterator[Path]:
    """Whole earlier stores that are kept beside this one: by restoring (a folder), before a migration (a file)."""
    for path in sorted(store.parent.iterdir()):
        if path.name.startswith(("replaced-", f"{store.name}.schema-")):
            yield path
