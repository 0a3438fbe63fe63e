"""A whole log carried over into an empty store, with the bytes it had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from dealwright.errors import ConflictError, StoreError
from dealwright.model.canonical import ZERO, canonical
from dealwright.store.documents import columns_of
from dealwright.store.layouts import COUNTERS, DEALS, DEFINITIONS, EVENTS, META, MOVES, PERSONAL, fact_of
from dealwright.store.records import event_hash, next_head
from dealwright.store.tiny import TinyStore

_DECODE = msgspec.json.Decoder().decode
OWN = {DEFINITIONS.name, PERSONAL.name, COUNTERS.name}  # the tables, besides the log, that people may carry over
DERIVED = {EVENTS.name, DEALS.name, META.name}


class Ending(NamedTuple):
    """Where a log ends: how many events, and the head over them."""

    position: int
    head: str


def must_be_empty(store: TinyStore) -> None:
    """Raises ConflictError where the store holds events already."""
    position, _ = store.end()
    if position:
        raise ConflictError(
            f"The store at {store.path} holds {position} events already; a log is only taken into an empty one.",
            f"{store.path} 处的数据存储已有 {position} 个事件；只能导入到空的数据存储。",
            path=str(store.path), events=position,
        )  # fmt: skip


def add_document(store: TinyStore, table: str, document: Mapping[str, Any], doc_id: int | None = None) -> None:
    """Add a document to one of the `OWN` tables, or with its id to a table of plain documents.

    Raises StoreError for a table that only the log may fill.
    """
    if table in DERIVED:
        raise StoreError(
            f"The table {table} is made from the log and cannot be given.", f"{table} 表由日志生成，不能直接导入。",
            table=table,
        )  # fmt: skip
    storage = store.storage
    storage.insert(table, storage.last_id(table) + 1 if doc_id is None else doc_id, document)


def add_events(store: TinyStore, events: Iterable[tuple[bytes, str]]) -> Ending:
    """Append events of an exported log, in order of position; inside a transaction, after the definitions.

    Raises StoreError for the first one that is not what was hashed, or does not follow.
    """
    processes = {row["definition_hash"]: row["id"] for row in store.definitions()}
    last: dict[str, tuple[int, str]] = {}
    position, head = store.end()
    for given, own in events:
        position += 1
        document = _read(given, position)
        # A tool that wrote the lines anew may have changed spaces or the order of keys, which canonical form undoes.
        body = given if event_hash(given) == own else canonical(document)
        deal, seq = document["deal"], document["seq"]
        before, prev = last.get(deal, (0, ZERO))
        if event_hash(body) != own or document["position"] != position or (before + 1, prev) != (
            seq, document["prev_hash"],
        ):  # fmt: skip
            raise _damaged(position)
        head = next_head(head, own)
        move_of = processes.get(document["definition_hash"]) if fact_of(document) in MOVES else None
        columns = columns_of(EVENTS, document, {"hash": own, "head": head, "move_of": move_of})
        store.storage.insert_row(EVENTS.name, position, body, columns)
        last[deal] = (seq, own)
    store.appended()
    return Ending(position, head)


def add_deal(store: TinyStore, document: Mapping[str, Any]) -> None:
    """Write the state that a deal's events lead to."""
    store.storage.insert(DEALS.name, store.storage.last_id(DEALS.name) + 1, document)


def _read(body: bytes, position: int) -> dict[str, Any]:
    try:
        document: dict[str, Any] = _DECODE(body)
        if not isinstance(document["data"], dict):
            raise _damaged(position)
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise _damaged(position) from error
    return document


def _damaged(position: int) -> StoreError:
    return StoreError(
        f"The event at position {position} is not the one that was exported: its hash or its place is wrong. "
        "Nothing was written.",
        f"位置 {position} 的事件与导出时不符：哈希或位置有误。未写入任何内容。",
        position=position,
    )
