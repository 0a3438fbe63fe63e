"""What can still be read of a damaged store: through SQLite where it can, from the file's bytes where it cannot."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from dealwright.errors import StoreError
from dealwright.store import sql
from dealwright.store.carving import Pages, carve
from dealwright.store.documents import Layout, Row, columns_of, intact
from dealwright.store.head_file import HeadFile
from dealwright.store.layouts import EVENTS, LAYOUTS
from dealwright.store.locks import FileLock
from dealwright.store.raw_file import RawFile
from dealwright.store.sqlite_file import FAULTS
from dealwright.store.storage import forgiving

_DECODE = msgspec.json.Decoder().decode
_MARKS = {
    "events": "prev_hash", "deals": "version", "definitions": "document", "personal": "salt", "counters": "number",
    "meta": "value",
}  # fmt: skip


class Salvaged(NamedTuple):
    """Whole rows by table and id; `hurt` are the rows that were seen but are not whole; `position` the last one known.

    Tables without a layout are there by the names they have in SQLite. `cut` are those that could not be read to
    their end.
    """

    rows: dict[str, dict[int, Row]]
    hurt: list[tuple[str, int]]
    position: int
    cut: set[str]


def salvage(path: Path, timeout: float = 10.0) -> Salvaged:
    """Read everything that is whole from the store at `path`, which is not changed. Raises StoreError where it is gone.

    A row is whole if its checksum is right. Rows that SQLite cannot reach are looked for in the file's bytes.
    """
    if not path.is_file():
        raise StoreError(f"There is no store at {path}.", f"{path} 处没有数据存储。", path=str(path))
    head = HeadFile(path).read()
    found = Salvaged({}, [], head.position if head else 0, {layout.name for layout in LAYOUTS})
    lock = FileLock(path.with_name(path.name + ".lock"), timeout)
    lock.acquire()
    try:
        with suppress(*FAULTS):
            _through_sqlite(path, found)
        if found.cut or found.hurt or _has_gaps(found):
            _from_bytes(path, found)
    except OSError as error:
        raise StoreError(
            f"The store at {path} cannot be read ({error.strerror}).", f"无法读取 {path}（{error.strerror}）。",
            path=str(path),
        ) from error  # fmt: skip
    finally:
        lock.release()
        lock.close()
    hurt = [(table, doc_id) for table, doc_id in dict.fromkeys(found.hurt) if doc_id not in found.rows.get(table, {})]
    return found._replace(hurt=hurt)


def _has_gaps(found: Salvaged) -> bool:
    events = found.rows.get("events", {})
    return len(events) < max(max(events, default=0), found.position)


def _through_sqlite(path: Path, found: Salvaged) -> None:
    layouts = {layout.name: layout for layout in LAYOUTS}
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.text_factory = forgiving
        names = [str(name) for (name,) in connection.execute(sql.TABLES)]
        for name in {*names, *layouts}:
            layout = layouts.get(name) or (Layout(name) if sql.plain_name(name) is not None else None)
            if layout is not None:
                found.cut.add(name)
                if _read_table(connection, name, layout, found):
                    found.cut.discard(name)


def _read_table(connection: sqlite3.Connection, name: str, layout: Layout, found: Salvaged) -> bool:
    """A table from its first row on, and from its last one back where that stops short."""
    rows = found.rows.setdefault(name, {})
    for backwards in (False, True):
        try:
            for doc_id, body, crc, *columns in connection.execute(sql.every_row(name, layout.names, backwards)):
                row = Row(doc_id, body, tuple(columns), crc)
                if intact(row) and _fits(row, layout):
                    rows[doc_id] = row
                else:
                    found.hurt.append((name, doc_id))
        except FAULTS:
            continue
        return not backwards
    return False


def _from_bytes(path: Path, found: Salvaged) -> None:
    raw = RawFile(path)
    try:
        for row in carve(Pages(path, raw)):
            layout = _layout_of(row)
            # A row that SQLite did not show, of a table that it could read, was deleted. Of the log none ever is.
            if layout is not None and (
                layout is EVENTS or layout.name in found.cut or (layout.name, row.doc_id) in found.hurt
            ):
                found.rows.setdefault(layout.name, {}).setdefault(row.doc_id, row)
    finally:
        raw.close()


def _layout_of(row: Row) -> Layout | None:
    for layout in _candidates(len(row.columns)):
        if _fits(row, layout):
            return layout
    return None


def _candidates(width: int) -> Iterator[Layout]:
    return (layout for layout in LAYOUTS if len(layout.columns) == width)


def _fits(row: Row, layout: Layout) -> bool:
    """Whether a row is one of this table: its document has what those have, and its columns are the document's."""
    mark = _MARKS.get(layout.name)
    try:
        document = _DECODE(row.body)
        given = dict(zip(layout.names, row.columns, strict=True))
        return (mark is None or mark in document) and columns_of(layout, document, given) == row.columns
    except (ValueError, LookupError, TypeError, AttributeError):
        return False
