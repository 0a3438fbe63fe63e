"""Looking for damage: rows, chains, gaps, the head, and states that are not the log's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec

from dealwright.errors import StoreError
from dealwright.model.canonical import ZERO
from dealwright.ports import Problem, Verified
from dealwright.store.documents import Layout, Row, columns_of, intact
from dealwright.store.head_file import Head
from dealwright.store.heads import End, Given, judge_file, judge_given
from dealwright.store.layouts import DEALS, EVENTS, META
from dealwright.store.records import event_hash, next_head
from dealwright.store.storage import SQLiteStorage

_DECODE = msgspec.json.Decoder().decode
_MOST_PAGES = 20


class _Chain(NamedTuple):
    """How far a deal's events have been followed."""

    seq: int = 0
    hash: str = ZERO


def verify_store(storage: SQLiteStorage, kept: tuple[Head | None, bool], given: Given | None = None) -> Verified:
    """Everything: SQLite's own check, each row of each table, each chain, and the heads that speak for the log.

    `kept` is what the head file holds and whether it is whole, `given` a head from outside.
    """
    walk = _Walk(storage, kept[0], given)
    walk.check_sqlite()
    if walk.problems or not walk.follow_quickly():
        walk.check_events(None)
    walk.check_deals(None)
    for table in walk.other_tables():
        walk.check_rows(table)
    walk.problems += judge_file(*kept, walk.end())
    if given is not None:
        walk.problems += judge_given(given, walk.end())
    return Verified(walk.deals, walk.events, walk.head, tuple(walk.problems))


def verify_deal(storage: SQLiteStorage, deal: str) -> Verified:
    """The rows and the chain of one deal. `head` is the hash of its last event."""
    walk = _Walk(storage)
    walk.check_events(deal)
    walk.check_deals(deal)
    return Verified(walk.deals, walk.events, walk.chains.get(deal, _Chain()).hash, tuple(walk.problems))


def verify_pages(storage: SQLiteStorage) -> Iterator[Problem]:
    """The file's bytes page by page against its seal; nothing where others are writing for long, or the seal is old."""
    from dealwright.store.seal import SealError

    with suppress(StoreError), storage.alone():
        try:
            changed = storage.changed_pages()
        except SealError as error:
            if error.args[0]:
                yield Problem(
                    None, None, "seal-damaged",
                    f"The file of page checksums beside the store is {error}; the next write makes it anew.",
                    "数据存储旁的页校验文件已损坏；下次写入时会重新生成。",
                )  # fmt: skip
            return
        owners = storage.page_owners() if changed else {}
        for page in changed[:_MOST_PAGES]:
            of = owners.get(page)
            en, zh = (f" (of {of})", f"（属于 {of}）") if of else ("", "")
            yield Problem(
                None, None, "page-changed",
                f"Page {page} of the store's file{en} was changed by something other than dealwright. "
                "Unless a row is named too, only space that no row uses is hurt.",
                f"数据存储文件的第 {page} 页{zh}被 dealwright 以外的程序或故障改动过。"
                "若没有同时列出某一行，则受影响的只是未使用的空间。",
            )  # fmt: skip
        if len(changed) > _MOST_PAGES:
            more = len(changed) - _MOST_PAGES
            yield Problem(
                None, None, "page-changed", f"{more} more pages of the store's file are not what was written.",
                f"数据存储文件另有 {more} 页与写入时不符。",
            )  # fmt: skip


class _Walk:
    """One pass over a store, gathering what is wrong."""

    def __init__(self, storage: SQLiteStorage, kept: Head | None = None, given: Given | None = None) -> None:
        self.storage = storage
        self.kept = kept
        self.given = given
        self.at_kept = self.at_given = ZERO  # the log's heads at the positions of these two
        self.given_at: int | None = None
        self.position = 0
        self.writes = 0
        self.problems: list[Problem] = []
        self.chains: dict[str, _Chain] = {}
        self.events = 0
        self.deals = 0
        self.head = ZERO
        self.heads_differ = False

    def report(self, deal: str | None, seq: Any, code: str, en: str, zh: str) -> None:
        self.problems.append(Problem(deal, seq if type(seq) is int else None, code, en, zh))

    def check_sqlite(self) -> None:
        try:
            found = self.storage.integrity()
        except StoreError as error:
            found = [str(error.details.get("sqlite", error))]
        for text in found:
            self.unreadable("the file", "文件", text)
        self.check_schema()

    def check_schema(self) -> None:
        """Each table, index and trigger is as it was made; a dropped trigger would let events be changed."""
        try:
            missing = self.storage.missing_schema()
        except StoreError:
            return  # SQLite's own check has told
        for statement in missing:
            self.report(
                None, None, "schema-changed",
                f"A table, index or trigger of the store is not as it was made: {statement}",
                f"数据存储的表、索引或触发器与创建时不符：{statement}",
            )  # fmt: skip

    def unreadable(self, en: str, zh: str, text: str) -> None:
        self.report(
            None, None, "sqlite-integrity", f"SQLite finds {en} damaged: {text}", f"SQLite 报告{zh}已损坏：{text}"
        )

    def other_tables(self) -> list[str]:
        try:
            return [name for name in self.storage.tables() if name not in (EVENTS.name, DEALS.name)]
        except StoreError:
            return []  # check_sqlite has told

    def rows(self, table: str, equal: dict[str, Any]) -> Iterator[Row]:
        try:
            yield from self.storage.rows(table, equal, raw=True)
        except StoreError as error:
            self.unreadable(f"the table {table}", f" {table} 表", str(error.details.get("sqlite", error)))

    def check_row(self, layout: Layout, row: Row, deal: str | None, seq: int | None) -> dict[str, Any] | None:
        """The row's document, None where its bytes are not those written."""
        if not intact(row):
            self.report(
                deal, seq, "row-crc",
                f"Row {row.doc_id} of {layout.name} is not what was written: its checksum differs.",
                f"{layout.name} 表第 {row.doc_id} 行与写入时不符：校验和不一致。",
            )  # fmt: skip
            return None
        given = dict(zip(layout.names, row.columns, strict=True))
        try:
            document: dict[str, Any] = _DECODE(row.body)
            fits = columns_of(layout, document, given) == row.columns
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            self.report(
                deal, seq, "row-unreadable",
                f"Row {row.doc_id} of {layout.name} holds something else than it should: {error}.",
                f"{layout.name} 表第 {row.doc_id} 行的内容不符合要求：{error}。",
            )  # fmt: skip
            return None
        if not fits or document.get("position", row.doc_id) != row.doc_id:
            self.report(
                deal, seq, "row-columns",
                f"Row {row.doc_id} of {layout.name} has columns that differ from its document.",
                f"{layout.name} 表第 {row.doc_id} 行的列与其文档内容不一致。",
            )  # fmt: skip
        return document

    def check_rows(self, table: str) -> None:
        layout = self.storage.layout(table)
        for row in self.rows(table, {}):
            document = self.check_row(layout, row, None, None)
            if document is not None and table == META.name and document.get("key") == "writes":
                self.writes = document["value"]

    def follow_quickly(self) -> bool:
        """The whole log in one pass, where nothing is wrong with it."""
        from dealwright.store.quick import follow

        asked = [one.position for one in (self.kept, self.given) if one is not None and one.position is not None]
        try:
            rows = self.storage.stream(EVENTS.name, ("doc_id", "body", "crc", *EVENTS.names), {}, ("doc_id",))
            seen = follow(rows, tuple(asked))
            if seen is None:
                return False
            if self.given is not None and self.given.position is None:
                found = self.storage.columns(EVENTS.name, ("doc_id",), {"head": self.given.head})
                self.given_at = found[0][0] if found else None
        except StoreError:
            return False
        self.events = self.position = seen.events
        self.head = seen.head
        self.chains = {deal: _Chain(*last) for deal, last in seen.chains.items()}
        self.at_kept = seen.heads.get(self.kept.position, ZERO) if self.kept else ZERO
        self.at_given = seen.heads.get(self.given.position or 0, ZERO) if self.given else ZERO
        return True

    def check_events(self, deal: str | None) -> None:
        """Follow the log by position (of one deal: by seq alone)."""
        position = 0
        for row in self.rows(EVENTS.name, {} if deal is None else {"deal": deal}):
            columns = _readable(EVENTS, row)
            of, seq = deal or columns["deal"], columns["seq"]
            self.events += 1
            if deal is None:
                if row.doc_id != position + 1:
                    self.report(
                        of, seq, "position-gap",
                        f"The log goes from position {position} to {row.doc_id}.",
                        f"日志从位置 {position} 跳到了 {row.doc_id}。",
                    )  # fmt: skip
                self.follow_head(row, of, seq, columns)
            position = row.doc_id
            self.follow_chain(row, of, seq, columns)
        self.position = position

    def follow_head(self, row: Row, of: str, seq: Any, columns: dict[str, Any]) -> None:
        """The head over all, event by event; only the first difference is told, for all later ones follow from it."""
        self.head = next_head(self.head, str(columns["hash"]))
        if self.head != columns["head"] and not self.heads_differ:
            self.heads_differ = True
            self.report(
                of, seq, "head-mismatch",
                f"From position {row.doc_id} on the log does not add up to the head stored with it.",
                f"从位置 {row.doc_id} 起，日志与所存的总哈希不一致。",
            )  # fmt: skip
        if self.kept is not None and self.kept.position == row.doc_id:
            self.at_kept = self.head
        if self.given is not None and self.given.position == row.doc_id:
            self.at_given = self.head
        if self.given is not None and self.given.head == self.head:
            self.given_at = row.doc_id

    def follow_chain(self, row: Row, of: str, seq: Any, columns: dict[str, Any]) -> None:
        """One deal's chain: seq without gaps, each event's hash, and that of the one before it."""
        before = self.chains.get(of, _Chain())
        own = str(columns["hash"])
        if seq != before.seq + 1:
            self.report(
                of, seq, "seq-gap",
                f"The events of {of} go from {before.seq} to {seq}.",
                f"{of} 的事件从第 {before.seq} 个跳到了第 {seq} 个。",
            )  # fmt: skip
        self.chains[of] = _Chain(seq if type(seq) is int else before.seq + 1, own)
        document = self.check_row(EVENTS, row, of, seq)
        if document is None:
            return
        if event_hash(row.body) != own:
            self.report(
                of, seq, "event-hash",
                f"Event {seq} of {of} is not what was hashed when it was written.",
                f"{of} 的第 {seq} 个事件与写入时的哈希不符。",
            )  # fmt: skip
        if document.get("prev_hash") != before.hash:
            self.report(
                of, seq, "chain-broken",
                f"Event {seq} of {of} does not follow on the event before it.",
                f"{of} 的第 {seq} 个事件与前一事件的哈希链断开。",
            )  # fmt: skip

    def check_deals(self, deal: str | None) -> None:
        """Each deal's state is of the version of its last event, and none is missing."""
        waiting = dict(self.chains)
        for row in self.rows(DEALS.name, {} if deal is None else {"id": deal}):
            columns = _readable(DEALS, row)
            of, version = deal or columns["id"], columns["version"]
            self.deals += 1
            self.check_row(DEALS, row, of, None)
            last = waiting.pop(of, _Chain()).seq
            if version != last:
                self.report(
                    of, last, "state-version",
                    f"The state of {of} is of version {version}, but its log ends at {last}.",
                    f"{of} 的状态版本为 {version}，而其日志止于第 {last} 个事件。",
                )  # fmt: skip
        for of, chain in waiting.items():
            self.report(
                of, chain.seq, "state-version",
                f"{of} has {chain.seq} events but no state.", f"{of} 有 {chain.seq} 个事件，但没有状态。",
            )  # fmt: skip

    def end(self) -> End:
        return End(self.position, self.writes, self.at_kept, self.at_given, self.given_at)


def _readable(layout: Layout, row: Row) -> dict[str, Any]:
    """A row's columns by name, with bytes that are no text any more spelled out, so that they can be told."""
    return {
        name: value.encode(errors="backslashreplace").decode() if isinstance(value, str) else value
        for name, value in zip(layout.names, row.columns, strict=True)
    }
