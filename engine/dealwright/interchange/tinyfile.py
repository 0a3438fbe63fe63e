"""A store as the JSON file of stock TinyDB: `TinyDB(path).table("deals").search(where("stage") == "needs")`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

Tables = Iterable[tuple[str, Iterable[tuple[int, Mapping[str, Any]]]]]


def tiny_file(tables: Tables) -> Iterator[bytes]:
    """The file piece by piece, a document each, so that none has to hold all. `tables` gives (name, (id, document))."""
    before = b"{"
    for name, documents in tables:
        yield before + msgspec.json.encode(name) + b": {"
        before = b"},\n"
        comma = b"\n"
        for doc_id, document in documents:
            yield comma + b'"%d": ' % doc_id + msgspec.json.encode(document)
            comma = b",\n"
    yield b"{}\n" if before == b"{" else b"}}\n"
