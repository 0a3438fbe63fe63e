"""What a store's export holds, in each of its forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from dealwright.interchange import csv_out, jsonlines, tinyfile
from dealwright.workspace.files import Files
from dealwright.workspace.personal import references, tell

if TYPE_CHECKING:
    from dealwright.store.tiny import TinyStore

_OFTEN = 200  # entries between two reports of progress
_BATCH = 200  # rows whose personal values are looked up together
_PERSONAL = "personal"
_DECODE = msgspec.json.Decoder(dict[str, Any]).decode


class Outgoing:
    """A store on its way out, read inside a snapshot. Without `personal` no personal value is in any form."""

    def __init__(
        self, store: TinyStore, files: Files, personal: bool, progress: Callable[[int, int], None] | None
    ) -> None:
        self._store = store
        self._files = files
        self._with_personal = personal
        self._progress = progress

    def lines(self) -> Iterator[bytes]:
        """The whole log as lines of JSON, from which `store import` makes the same log."""
        info = self._store.info()
        yield jsonlines.beginning(info.schema, personal=self._with_personal)
        for name in self._beside():
            own = name in self._store.own_tables
            for doc_id, document in self._store.storage.documents(name):
                yield jsonlines.kept(name, document, None if own else doc_id)
        yield from self._attached()
        for number, (body, own_hash) in enumerate(self._store.log(), 1):
            yield jsonlines.logged(body, own_hash)
            self._report(number, info.events)
        yield jsonlines.ended(info.events, info.head)

    def tiny(self) -> Iterator[bytes]:
        """Every table as stock TinyDB keeps it."""
        return tinyfile.tiny_file((name, self._documents(name)) for name in ("deals", "events", *self._beside()))

    def csv_deals(self) -> Iterator[bytes]:
        """A line for each deal."""
        rows = (document for _, document in self._documents("deals"))
        return csv_out.csv_table(csv_out.DEAL_COLUMNS, self._told(rows))

    def csv_events(self) -> Iterator[bytes]:
        """A line for each event."""
        rows = (document for _, document in self._documents("events"))
        return csv_out.csv_table(csv_out.EVENT_COLUMNS, self._told(rows))

    def _attached(self) -> Iterator[bytes]:
        """The attached files, unless personal data is to stay out: nobody can tell what is in them."""
        named = dict.fromkeys(sha256 for _, _, sha256 in self._store.attachments()) if self._with_personal else {}
        for sha256 in named:
            path = self._files.path(sha256)
            if path.is_file():
                yield jsonlines.attached(sha256, path.read_bytes())

    def _beside(self) -> list[str]:
        """The tables besides the log and what is made from it: the store's own first."""
        skip = {"deals", "events", "meta"} | (set() if self._with_personal else {_PERSONAL})
        own = [name for name in self._store.own_tables if name not in skip]
        return own + [name for name in self._store.storage.tables() if name not in skip and name not in own]

    def _documents(self, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
        if name == "events":
            found: Iterator[tuple[int, Mapping[str, Any]]] = (
                (position, {**_DECODE(body), "hash": own_hash})
                for position, (body, own_hash) in enumerate(self._store.log(), 1)
            )
        else:
            found = self._store.storage.documents(name)
        total = self._store.storage.count(name)
        for number, entry in enumerate(found, 1):
            yield entry
            self._report(number, total)

    def _told(self, rows: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """Rows with personal values in place of their references, null for what is erased or left out."""
        batch: list[Mapping[str, Any]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == _BATCH:
                yield from self._reveal(batch)
                batch = []
        yield from self._reveal(batch)

    def _reveal(self, rows: list[Mapping[str, Any]]) -> list[Any]:
        wanted = references(rows) if self._with_personal else []
        values = self._store.personal(wanted) if wanted else {}
        return [tell(row, values) for row in rows]

    def _report(self, done: int, total: int) -> None:
        if self._progress and (done % _OFTEN == 0 or done == total):
            self._progress(done, total)
