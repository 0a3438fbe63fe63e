"""Following a whole log fast: what is in order is passed over, and the first oddity hands over to the careful walk."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, NamedTuple
from zlib import crc32

import msgspec
from msgspec import Struct

from dealwright.model.canonical import ZERO, canonical
from dealwright.store.layouts import MOVES, sortable
from dealwright.store.records import EVENT_TAG, HEAD_TAG


class _Facts(Struct, gc=False):
    """What columns repeat of a payload."""

    what: str | None = None
    undated: bool = False
    from_: Any = msgspec.field(name="from", default=None)
    to: Any = None
    data: _Facts | None = None


class _Seen(Struct, gc=False):
    """What columns and chains need of an event's body."""

    position: int
    deal: str
    seq: int
    type: str
    at: str
    data: _Facts
    prev_hash: str


class Followed(NamedTuple):
    """A log that is whole: how many events, its last position and head, each deal's last (seq, hash).

    `heads` are the heads at the positions that were asked for.
    """

    events: int
    head: str
    chains: dict[str, tuple[int, str]]
    heads: dict[int, str]


_DECODE = msgspec.json.Decoder(_Seen).decode
_EVENT = sha256(EVENT_TAG.encode() + b"\n")
_HEAD = sha256(HEAD_TAG.encode() + b"\n")
_START = (0, ZERO)


def follow(rows: Iterable[tuple[Any, ...]], positions: tuple[int, ...] = ()) -> Followed | None:
    """Check every row of the log in order of position: CRC, hash, chain, head and columns. None where one is odd.

    `rows` are doc_id, body, crc and the columns of the events table in order.
    """
    chains: dict[str, tuple[int, str]] = {}
    heads: dict[int, str] = {}
    wanted = set(positions)
    running, position = ZERO, 0
    try:
        for doc_id, body, crc, deal, seq, type_, fact, at, from_, to, move_of, own, head in rows:
            position += 1
            columns = [doc_id, deal, seq, type_, fact, at, from_, to, move_of, own, head]
            if doc_id != position or crc32(body, crc32(canonical(columns))) != crc:
                return None
            hashed = _EVENT.copy()
            hashed.update(body)
            total = _HEAD.copy()
            total.update((running + own).encode())
            running = total.hexdigest()
            before, link = chains.get(deal, _START)
            seen = _DECODE(body)
            if (
                hashed.hexdigest() != own
                or running != head
                or seq != before + 1
                or (seen.prev_hash, seen.position, seen.deal, seen.seq, seen.type) != (link, doc_id, deal, seq, type_)
                or not _same(seen, fact, at, from_, to)
            ):
                return None
            chains[deal] = (seq, own)
            if position in wanted:
                heads[position] = running
    except (ValueError, TypeError, KeyError):
        return None  # bytes that are no text, text that is no event: the careful walk says where
    return Followed(position, running, chains, heads)


def _same(seen: _Seen, fact: str, at: str | None, from_: str | None, to: str | None) -> bool:
    """Whether the columns that are derived from an event's data are those of this one."""
    data = seen.data
    undated = False
    own_fact = seen.type
    if own_fact == "imported":
        undated, own_fact = data.undated, data.what or ""
        data = data.data or _Facts()
    moves = own_fact in MOVES
    if fact != own_fact or from_ != (data.from_ if moves else None) or to != (data.to if moves else None):
        return False
    when = seen.at
    if undated:
        return at is None
    # The log writes instants in UTC with no fraction or six digits of it; anything else is read in full.
    return at == (f"{when[:19]}.000000Z" if len(when) == 20 and when[19] == "Z" else sortable(when))
