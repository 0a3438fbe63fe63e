"""Events as the log keeps them: canonical bytes, hashed, chained per deal and over all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from dealwright.errors import StoreError
from dealwright.events import Event, Record
from dealwright.model.canonical import canonical, digest
from dealwright.store.documents import encode

EVENT_TAG = "dealwright-event"
HEAD_TAG = "dealwright-head"


class _Body(Struct, frozen=True):
    """A `Record` without its `hash`, which is taken over these bytes."""

    position: int
    deal: str
    seq: int
    type: str
    at: datetime
    recorded_at: datetime
    actor: str
    recorded_by: str
    role: str | None
    definition_hash: str
    data: dict[str, Any]
    prev_hash: str


_READ = msgspec.json.Decoder(_Body).decode


class Written(NamedTuple):
    """A record with the bytes that keep it, and the head of the log after it."""

    record: Record
    body: bytes
    head: str


def next_head(head: str, event_hash: str) -> str:
    """The head of the log once an event with `event_hash` is added to one whose head was `head`."""
    return digest(HEAD_TAG, (head + event_hash).encode())


def event_hash(body: bytes) -> str:
    """The hash of an event whose stored bytes are `body`."""
    return digest(EVENT_TAG, body)


class Sealed(NamedTuple):
    """An event in its place in the log: its data as plain JSON, its bytes and hash, the head after it."""

    event: Event
    position: int
    data: dict[str, Any]
    body: bytes
    hash: str
    head: str


def write_records(
    events: Sequence[Event], *, position: int, prev_hash: str, head: str, recorded_at: datetime, recorded_by: str
) -> list[Written]:
    """The records of one deal's `events`, after the log's `position` and `head` and the deal's `prev_hash`.

    Raises UnstorableError where data holds what JSON cannot.
    """
    sealed = seal(
        events, position=position, prev_hash=prev_hash, head=head, recorded_at=recorded_at, recorded_by=recorded_by
    )
    return [Written(read_record(one.body, one.hash), one.body, one.head) for one in sealed]


def seal(
    events: Sequence[Event], *, position: int, prev_hash: str, head: str, recorded_at: datetime, recorded_by: str
) -> list[Sealed]:
    """What `write_records` gives, without reading the bytes again."""
    sealed = []
    at = recorded_at.astimezone(UTC)
    for event in events:
        position += 1
        data = msgspec.to_builtins(event.data)
        if b"null" in msgspec.json.encode(data):
            encode(data)  # it may have been NaN, which JSON lacks
        document = {
            "position": position,
            "deal": event.deal,
            "seq": event.seq,
            "type": event.type,
            "at": event.at.astimezone(UTC),
            "recorded_at": at,
            "actor": event.actor,
            "recorded_by": recorded_by,
            "role": event.role,
            "definition_hash": event.definition_hash,
            "data": data,
            "prev_hash": prev_hash,
        }
        body = canonical(document)
        prev_hash = event_hash(body)
        head = next_head(head, prev_hash)
        sealed.append(Sealed(event, position, data, body, prev_hash, head))
    return sealed


def read_record(body: bytes, own_hash: str) -> Record:
    """The record that `body` keeps. Raises StoreError where the bytes are no event."""
    try:
        kept = _READ(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreError(
            f"An event in the log cannot be read ({error}). Run `dealwright store verify`.",
            f"日志中有一个事件无法读取（{error}）。请运行 `dealwright store verify`。",
        ) from error
    return Record(
        kept.position, kept.deal, kept.seq, kept.type, kept.at, kept.recorded_at, kept.actor, kept.recorded_by,
        kept.role, kept.definition_hash, kept.data, kept.prev_hash, own_hash,
    )  # fmt: skip
