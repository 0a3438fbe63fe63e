"""Writing many new deals at once: two statements for all of them, where one by one takes a dozen for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dealwright.events import Event
from dealwright.model.canonical import ZERO
from dealwright.store.documents import Value, columns_of
from dealwright.store.layouts import DEALS, EVENTS, MOVES, fact_of
from dealwright.store.records import seal
from dealwright.store.storage import SQLiteStorage

_ENCODE = msgspec.json.Encoder().encode
_Rows = list[tuple[int, bytes, tuple[Value, ...]]]


def insert_deals(
    storage: SQLiteStorage,
    deals: Sequence[tuple[Mapping[str, Any], Sequence[Event]]],
    recorded_at: datetime,
    recorded_by: str,
) -> None:
    """Write new deals with their events, inside a transaction. Raises StoreError where one is there already."""
    last = storage.columns(EVENTS.name, ("doc_id", "head"), last=True)
    position, head = last[0] if last else (0, ZERO)
    row = storage.last_id(DEALS.name)
    event_rows: _Rows = []
    deal_rows: _Rows = []
    for deal, events in deals:
        sealed = seal(
            events, position=position, prev_hash=ZERO, head=head, recorded_at=recorded_at, recorded_by=recorded_by
        )
        for one in sealed:
            event = one.event
            document = {"deal": event.deal, "seq": event.seq, "type": event.type, "at": event.at, "data": one.data}
            move_of = deal["process"] if fact_of(document) in MOVES else None
            given = {"hash": one.hash, "head": one.head, "move_of": move_of}
            event_rows.append((one.position, one.body, columns_of(EVENTS, document, given)))
            position, head = one.position, one.head
        row += 1
        deal_rows.append((row, _ENCODE(deal), columns_of(DEALS, deal, {})))
    storage.insert_rows(EVENTS.name, event_rows)
    storage.insert_rows(DEALS.name, deal_rows)
