"""Which attached files the log names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dealwright.store.layouts import EVENTS
from dealwright.store.storage import SQLiteStorage

_FILE = re.compile(rb'"sha256":"([0-9a-f]{64})"')
_HASH = re.compile(rb'"([0-9a-f]{64})"')
_ERASURE = "personal_erased"


def attachments(storage: SQLiteStorage) -> Iterator[tuple[str, int, str]]:
    """(deal, seq, hash) of each file that an event names, in order, but for those erased after it."""
    gone: dict[bytes, int] = {}
    for position, body in storage.columns(EVENTS.name, ("doc_id", "body"), {"type": _ERASURE}):
        gone.update(dict.fromkeys(_HASH.findall(body), position))
    for position, deal, seq, body in storage.containing(
        EVENTS.name, ("doc_id", "deal", "seq", "body"), b'"sha256":"'
    ):  # fmt: skip
        for sha256 in _FILE.findall(body):
            if gone.get(sha256, 0) < position:
                yield deal, seq, sha256.decode()
