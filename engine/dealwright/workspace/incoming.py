"""An exported log taken into an empty store, and the deals' states made of it anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from dealwright.engine import Program
from dealwright.errors import StoreError
from dealwright.interchange import jsonlines
from dealwright.model.deal import FileRef
from dealwright.workspace.documents import document_of
from dealwright.workspace.files import Files
from dealwright.workspace.library import Library
from dealwright.workspace.past import folded

if TYPE_CHECKING:
    from dealwright.store.tiny import TinyStore


def take_log(library: Library, store: TinyStore, files: Files, lines: Iterable[bytes]) -> dict[str, Any]:
    """Write what the lines hold, inside a transaction.

    Raises UsageError, StoreError, ConflictError; then nothing of it may be kept.
    """
    from dealwright.store.transfer import add_events, must_be_empty

    must_be_empty(store)
    taking = _Taking(store, files, jsonlines.read_lines(lines))
    ending = add_events(store, taking.events())
    end = taking.end
    if end is None or (end.events, end.head) != (ending.position, ending.head):
        raise StoreError(
            "The log does not end where the file says it does: events are missing or differ. Nothing was written.",
            "日志的结尾与文件所述不符：有事件缺失或不同。未写入任何内容。",
        )
    deals = _states(library, store)
    return {
        "deals": deals,
        "events": ending.position,
        "head": ending.head,
        "files": taking.files,
        "personal": taking.personal,
    }


class _Taking:
    """The lines of a file, of which the events are handed on and the rest is written on the way."""

    def __init__(self, store: TinyStore, files: Files, entries: Iterator[Any]) -> None:
        self._store = store
        self._files = files
        self._entries = entries
        self.personal = True
        self.files = 0
        self.end: jsonlines.Ended | None = None
        # Definitions stand before the events, which need them.
        self._first = self._until_event()

    def events(self) -> Iterator[tuple[bytes, str]]:
        if self._first is None:
            return
        yield self._first
        while (event := self._until_event()) is not None:
            yield event

    def _until_event(self) -> jsonlines.Logged | None:
        from dealwright.store.transfer import add_document

        for entry in self._entries:
            if isinstance(entry, jsonlines.Logged):
                return entry
            if isinstance(entry, jsonlines.Kept):
                add_document(self._store, entry.table, entry.document, entry.doc_id)
            elif isinstance(entry, jsonlines.Attached):
                self._attach(entry)
            elif isinstance(entry, jsonlines.Beginning):
                self.personal = entry.personal
            else:
                self.end = entry
        return None

    def _attach(self, entry: jsonlines.Attached) -> None:
        if hashlib.sha256(entry.content).hexdigest() != entry.sha256:
            raise StoreError(
                f"The attached file {entry.sha256} is not the one that was exported. Nothing was written.",
                f"附件 {entry.sha256} 与导出时不符。未写入任何内容。",
                file=entry.sha256,
            )
        self._files.keep(FileRef("", len(entry.content), entry.sha256), entry.content)
        self.files += 1


def _states(library: Library, store: TinyStore) -> int:
    """The state of every deal, from its events alone, in the order in which the log opened them."""
    from dealwright.store.transfer import add_deal

    def program_of(named: str) -> Program:
        return library.program_of(named, store)

    names = store.deals_of_log()
    for name in names:
        records = list(store.events(name))
        deal = folded(records, program_of)
        add_deal(store, document_of(program_of(records[-1].definition_hash), deal, records[-1].at))
    return len(names)
