"""The default store: TinyDB tables on SQLite rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from msgspec.json import decode as loads
from tinydb import where
from tinydb.operations import add

from dealwright.errors import ConflictError, StoreError
from dealwright.model.canonical import ZERO
from dealwright.store.documents import columns_of
from dealwright.store.head_file import Head, HeadFile
from dealwright.store.layouts import DEALS, DEFINITIONS, EVENTS, LAYOUTS, META, MOVES, SCHEMA, fact_of
from dealwright.store.storage import SQLiteStorage
from dealwright.store.tables import Database

if TYPE_CHECKING:
    # What a command reads of one deal needs none of these, and importing them takes longer than the reading.
    from dealwright.events import Event, Record
    from dealwright.ports import Move, StoreInfo, Verified

_NAMES = ("id", "process", "external_id")
_HASH = EVENTS.names.index("hash")
_WRITES = "writes"  # the row of `meta` that counts


class TinyStore:
    """`dealwright.ports.Store` on a file. `db` is its TinyDB, for plugins and people.

    `timeout` is how many seconds a write waits for other processes.
    """

    def __init__(self, path: Path | str, timeout: float = 10.0) -> None:
        self.db = Database(path, LAYOUTS, SCHEMA, timeout)
        self._storage = cast("SQLiteStorage", self.db.storage)
        self._storage.on_begin = self._check_tail
        self._storage.on_ending = self._note_head
        self._storage.on_commit = self._keep_head
        self.path = self._storage.path
        self._head_file = HeadFile(self.path)
        self._tail_checked = False
        self._appended = False
        self._to_keep: Head | None = None
        self._known_writes: int | None = None

    # -- writing

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside is written, or nothing; nests. Raises StoreError where the lock is not to be had."""
        return self.db.transaction()

    def append(
        self,
        deal: Mapping[str, Any],
        expected_version: int,
        events: Sequence[Event],
        *,
        recorded_at: datetime,
        recorded_by: str,
    ) -> tuple[Record, ...]:
        """Write `events` and the state they lead to, in one transaction.

        Raises ConflictError where the stored deal's version is not `expected_version`
        (0: no such deal yet), ValueError where the events do not follow on it.
        """
        _must_follow(deal, expected_version, events)
        with self.transaction():
            found = self._expect(deal["id"], expected_version)
            records = self._add(deal, events, recorded_at, recorded_by)
            if found is None:
                self._storage.insert(DEALS.name, self._storage.last_id(DEALS.name) + 1, deal)
            else:
                doc_id, *before = found
                self._storage.update(DEALS.name, doc_id, deal, tuple(before))
        return records

    def _expect(self, deal_id: str, version: int) -> tuple[Any, ...] | None:
        """The row id and columns of the deal, None for a new one, if its version is as expected."""
        found = self._storage.columns(DEALS.name, ("doc_id", *DEALS.names), {"id": deal_id})
        columns = dict(zip(DEALS.names, found[0][1:], strict=True)) if found else {}
        kept = columns.get("version", 0)
        if kept != version:
            raise ConflictError(
                f"{deal_id} has changed meanwhile: it is at version {kept}, not {version}.",
                f"{deal_id} 已被他人更改：当前版本为 {kept}，而不是 {version}。",
                deal=deal_id,
                expected=version,
                version=kept,
                stage=columns.get("stage"),
            )
        return found[0] if found else None

    def _add(
        self, deal: Mapping[str, Any], events: Sequence[Event], recorded_at: datetime, recorded_by: str
    ) -> tuple[Record, ...]:
        from dealwright.store.records import write_records

        last = self._storage.columns(EVENTS.name, ("doc_id", "head"), last=True)
        position, head = last[0] if last else (0, ZERO)
        chain = self._storage.columns(EVENTS.name, ("hash",), {"deal": deal["id"]}, order=("seq",), last=True)
        written = write_records(
            events,
            position=position,
            prev_hash=chain[0][0] if chain else ZERO,
            head=head,
            recorded_at=recorded_at,
            recorded_by=recorded_by,
        )
        for record, body, new_head in written:
            document = {"deal": record.deal, "seq": record.seq, "type": record.type, "at": record.at,
                        "data": record.data}  # fmt: skip
            move_of = deal.get("process") if fact_of(document) in MOVES else None
            columns = columns_of(EVENTS, document, {"hash": record.hash, "head": new_head, "move_of": move_of})
            self._storage.insert_row(EVENTS.name, cast("int", record.position), body, columns)
        self._appended = self._appended or bool(written)
        return tuple(w.record for w in written)

    def append_new(
        self, deals: Sequence[tuple[Mapping[str, Any], Sequence[Event]]], *, recorded_at: datetime, recorded_by: str
    ) -> None:
        """`append` for many deals that are new, in their order. Raises StoreError where one is there already."""
        from dealwright.store.bulk import insert_deals

        for deal, events in deals:
            _must_follow(deal, 0, events)
        with self.transaction():
            insert_deals(self._storage, deals, recorded_at, recorded_by)
            self._appended = self._appended or bool(deals)

    def next_number(self, process: str, count: int = 1) -> int:
        """The next number for a deal id of `process`, the first of `count`, taken inside the transaction."""
        counters = self.db.rows("counters")
        with self.transaction():
            if not counters.update(add("number", count), where("name") == process):
                counters.insert({"name": process, "number": count})
            return int(counters.get(where("name") == process)["number"]) - count + 1

    def last_number(self, process: str) -> int:
        """The last number that was taken for `process`; 0 for none."""
        found = self.db.rows("counters").get(where("name") == process)
        return 0 if found is None else int(found["number"])

    def cursor(self, name: str) -> dict[str, Any] | None:
        """What a reader of the log keeps of how far it is, or None."""
        found = self.db.rows("cursors").get(where("name") == name)
        return None if found is None else dict(found["document"])

    def put_cursor(self, name: str, document: Mapping[str, Any]) -> None:
        """Keep how far a reader of the log is, in place of what it kept before."""
        self.db.rows("cursors").upsert({"name": name, "document": dict(document)}, where("name") == name)

    def put_definition(self, definition_hash: str, document: Mapping[str, Any]) -> None:
        """Keep a resolved process whole, by its hash; the same hash again changes nothing."""
        definitions = self.db.rows("definitions")
        with self.transaction():
            if not self._storage.count("definitions", {"definition_hash": definition_hash}):
                definitions.insert({"definition_hash": definition_hash, "published": False, "document": dict(document)})

    def publish(self, definition_hash: str) -> None:
        """Mark a kept definition as published. Raises StoreError where it is not kept."""
        if not self.db.rows("definitions").update({"published": True}, where("definition_hash") == definition_hash):
            raise StoreError(
                f"The store keeps no definition {definition_hash}.",
                f"数据存储中没有定义 {definition_hash}。",
                definition_hash=definition_hash,
            )

    def put_personal(self, ref: str, subject: str, value: Any, salt: str) -> None:
        """Keep a personal value apart from the log."""
        document = {"ref": ref, "subject": subject, "value": value, "salt": salt}
        self.db.rows("personal").upsert(document, where("ref") == ref)

    # -- erasing

    def personal_of(self, subject: str) -> list[str]:
        """The references of the values kept under a subject."""
        from dealwright.store.erase import refs_of

        return refs_of(self._storage, subject)

    def erase_personal(self, refs: Sequence[str]) -> int:
        """Erase the values of `refs` with their salts; how many there were."""
        from dealwright.store.erase import erase_values

        with self.transaction():
            return erase_values(self.db, refs)

    def scrub(self, values: Sequence[Any]) -> tuple[str, ...]:
        """See to it that no file of the store holds a trace of erased `values`; the files where one may be left."""
        from dealwright.store.erase import scrub

        return scrub(self._storage, values)

    def copies(self) -> tuple[str, ...]:
        """Where earlier states of this store are kept whole beside it, which an erasure does not reach."""
        from dealwright.store.erase import copies

        return tuple(map(str, copies(self.path)))

    def uses_of_file(self, sha256: str) -> list[tuple[str, int]]:
        """(deal, seq) of each event that names an attached file."""
        from dealwright.store.erase import uses_of_file

        return uses_of_file(self._storage, sha256)

    # -- reading

    def deal(self, deal_id: str) -> dict[str, Any] | None:
        """The deal's document, or None. Raises StoreError where its row is damaged."""
        found = self.db.rows("deals").get(where("id") == deal_id)
        return None if found is None else dict(found)

    def deals(
        self,
        *,
        process: str | None = None,
        stage: str | None = None,
        status: str | None = None,
        owner: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        without: Sequence[str] = (),
    ) -> tuple[int, list[dict[str, Any]]]:
        """How many match, and their documents in the order in which the log opened them."""
        asked = {"process": process, "stage": stage, "status": status, "owner": owner}
        equal = {name: value for name, value in asked.items() if value is not None}
        with self._storage.snapshot():
            if without:
                from dealwright.store.lookup import page_without

                return page_without(self._storage, equal, without, limit, offset)
            return self._storage.count(DEALS.name, equal), self.db.rows("deals").page(equal, limit, offset)

    def deals_where(
        self, equal: Mapping[str, Any], *, process: str | None = None, statuses: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        """The documents that hold these JSON values at these dotted places, in order of opening."""
        from dealwright.store.lookup import deals_where

        with self._storage.snapshot():
            return list(deals_where(self._storage, equal, process, statuses))

    def prepare_places(self, places: Sequence[str]) -> None:
        """Inside a transaction: deals will be looked up by these places of their documents."""
        from dealwright.store.lookup import prepare

        prepare(self._storage, places)

    def deals_waking(self, until: datetime) -> list[str]:
        """The ids of the deals whose `wakes_at` is not after `until`, the earliest first."""
        from dealwright.store.lookup import waking

        return waking(self._storage, until)

    def loads(self, process: str) -> dict[str, int]:
        """How many open and won deals of `process` each owner has."""
        from dealwright.store.lookup import loads

        return loads(self._storage, process)

    def deal_names(self) -> list[tuple[str, str, str | None]]:
        """(id, process, external id) of every deal, in the order in which the log opened them."""
        return cast("list[tuple[str, str, str | None]]", self._storage.columns(DEALS.name, _NAMES))

    def find_deals(self, text: str) -> list[tuple[str, str]]:
        """(id, title) of each deal whose id, else whose external id is `text`, else whose title contains it."""
        for column in ("id", "external_id"):
            found = self._storage.columns(DEALS.name, ("id", "title"), {column: text})
            if found:
                return [(deal_id, title or "") for deal_id, title in found]
        part = text.casefold()
        titles = self._storage.columns(DEALS.name, ("id", "title"))
        return [(deal_id, title) for deal_id, title in titles if title and part in title.casefold()]

    @property
    def storage(self) -> SQLiteStorage:
        """The rows beneath, for work on the store as a whole."""
        return self._storage

    def snapshot(self) -> AbstractContextManager[None]:
        """Everything read inside is of one moment; others go on writing."""
        return self._storage.snapshot()

    def log(self) -> Iterator[tuple[bytes, str]]:
        """The stored bytes and the hash of every event, in order of position."""
        for row in self._storage.rows(EVENTS.name):
            yield row.body, cast("str", row.columns[_HASH])

    def deals_of_log(self) -> list[str]:
        """The id of every deal that the log knows, in the order in which it opened them."""
        return [deal for (deal,) in self._storage.columns(EVENTS.name, ("deal",), {"seq": 1})]

    @property
    def own_tables(self) -> tuple[str, ...]:
        """The tables that every store has."""
        return tuple(layout.name for layout in LAYOUTS)

    def appended(self) -> None:
        """Events were written: the head file is to follow."""
        self._appended = True

    def whole_head(self) -> Head:
        """What the head file is to hold."""
        return self._head()

    def events(
        self,
        deal: str | None = None,
        *,
        types: Sequence[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
        after: int = 0,
    ) -> Iterator[Record]:
        """The log, of one deal or of all, in order of position. `until` and the position `after` are exclusive."""
        from dealwright.store.records import read_record

        equal = {"deal": deal} if deal is not None else {"type": types[0]} if len(types) == 1 else {}
        for row in self._storage.rows(EVENTS.name, equal, after=after or None):
            record = read_record(row.body, cast("str", row.columns[_HASH]))
            if types and record.type not in types:
                continue
            if (since is None or record.at >= since) and (until is None or record.at < until):
                yield record

    def moves(self, process: str) -> Iterator[Move]:
        """Every opening, move and end of a process's deals, imported ones too, in order of deal and seq."""
        from dealwright.ports import Move

        names = ("deal", "seq", "fact", "at", "from", "to")
        for deal, seq, fact, at, from_, to in self._storage.stream(
            EVENTS.name, names, {"move_of": process}, ("deal", "seq")
        ):
            yield Move(deal, seq, fact, None if at is None else datetime.fromisoformat(at), from_, to)

    def definition(self, definition_hash: str) -> dict[str, Any] | None:
        """A kept definition, or None."""
        found = self.db.rows("definitions").get(where("definition_hash") == definition_hash)
        return None if found is None else cast("dict[str, Any]", found["document"])

    def definitions(self) -> list[dict[str, Any]]:
        """`{definition_hash, id, version, source_hash, published}` of every kept definition, oldest first."""
        kept = self._storage.columns(DEFINITIONS.name, DEFINITIONS.names)
        found = [dict(zip(DEFINITIONS.names, values, strict=True)) for values in kept]
        return [{**definition, "published": bool(definition["published"])} for definition in found]

    def record_types(self) -> list[str]:
        """The ids of the kept definitions that are types of record, oldest first."""
        from dealwright.store.lookup import record_types

        return record_types(self._storage)

    def personal(self, refs: Sequence[str]) -> dict[str, Any]:
        """The values of `refs`; an erased one is left out."""
        table = self.db.rows("personal")
        found = ((ref, table.get(where("ref") == ref)) for ref in refs)
        return {ref: document["value"] for ref, document in found if document is not None}

    # -- the log as a whole

    def head(self) -> str:
        """The hash over the whole log by position (64 zeros for an empty one)."""
        return self._head().head

    def end(self) -> tuple[int, str]:
        """The last position of the log and the head there; (0, 64 zeros) for an empty one."""
        return self._head()[:2]

    def attachments(self) -> Iterator[tuple[str, int, str]]:
        """(deal, seq, SHA-256) of each file that an event names, in order, but for those erased after it."""
        from dealwright.store.attachments import attachments

        with self._storage.snapshot():
            yield from attachments(self._storage)

    def _head(self, writes: int | None = None) -> Head:
        last = self._storage.columns(EVENTS.name, ("doc_id", "head"), last=True)
        position, head = last[0] if last else (0, ZERO)
        return Head(position, head, self._writes() if writes is None else writes)

    def _writes(self) -> int:
        """How many transactions wrote something, but no event."""
        found = self._storage.columns(META.name, ("body",), {"key": _WRITES})
        return int(loads(found[0][0])["value"]) if found else 0

    def _count_write(self) -> None:
        counted = {"key": _WRITES, "value": self._writes() + 1}
        found = self._storage.columns(META.name, ("doc_id",), {"key": _WRITES})
        if found:
            self._storage.update(META.name, found[0][0], counted, (_WRITES,))
        else:
            self._storage.insert(META.name, self._storage.last_id(META.name) + 1, counted)

    def _note_head(self) -> None:
        self._to_keep = None
        if self._storage.changed and not self._appended:
            # The log's head does not cover these; without a count of their own their loss could not be told.
            self._count_write()
        if self._storage.changed:
            # What others counted meanwhile may be left out: it lies before these events, whose own loss would show.
            self._to_keep = self._head(self._known_writes if self._appended else None)

    def _keep_head(self) -> None:
        self._appended = False
        if self._to_keep is not None:
            self._known_writes = self._to_keep.writes
            self._head_file.write(self._to_keep)

    def _check_tail(self) -> None:
        """Refuse to write over a log that is shorter, or another, than the head file knows: it is the evidence."""
        self._appended = False  # perhaps left by a transaction that was taken back
        if self._tail_checked:
            return
        kept = self._head_file.read()
        if kept is not None and not self._holds(kept):
            file = self._head_file.path
            raise StoreError(
                f"The end of the log is lost: {file.name} knows {kept.position} events (and {kept.writes} other "
                f"writes) that the store does not hold. Restore a newer backup; to go on without them, remove {file}.",
                f"日志尾部已丢失：{file.name} 记录到第 {kept.position} 个事件（及 {kept.writes} 次其他写入），"
                f"而数据存储中没有对应内容。请恢复较新的备份；若确认放弃这些内容，请删除 {file}。",
                path=str(self.path),
                head=str(file),
            )
        self._tail_checked = True

    def _holds(self, kept: Head) -> bool:
        found = self._storage.columns(EVENTS.name, ("head",), {"doc_id": kept.position}) or [(ZERO,)]
        return bool(found[0][0] == kept.head) and kept.writes <= self._writes()

    def verify(self, deal: str | None = None, head: str | None = None) -> Verified:
        """Read everything, or all of one deal, and check rows, chains, head and that state equals the log's version.

        `head` is one kept elsewhere, `POSITION:HASH` or a hash alone; the whole log must fit it. Raises UsageError.
        """
        from dealwright.store.heads import read_given
        from dealwright.store.verify import verify_deal, verify_pages, verify_store

        given = None if head is None else read_given(head)
        kept = self._head_file.look()  # before the snapshot: a writer at work only ever makes the log longer
        with self._storage.snapshot():
            seen = verify_store(self._storage, kept, given) if deal is None else verify_deal(self._storage, deal)
        return seen if deal is not None else seen._replace(problems=(*seen.problems, *verify_pages(self._storage)))

    def info(self) -> StoreInfo:
        """Counts, size, head."""
        from dealwright.ports import StoreInfo

        with self._storage.snapshot():
            deals = self._storage.count(DEALS.name)
            events = self._storage.count(EVENTS.name)
            head = self.head()
        files = (self.path, self.path.with_name(self.path.name + "-wal"))
        size = sum(file.stat().st_size for file in files if file.exists())
        return StoreInfo(str(self.path), deals, events, head, size, SCHEMA)

    def close(self) -> None:
        """Let go of files and locks."""
        self.db.close()
        self._head_file.close()

    def __enter__(self) -> TinyStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _must_follow(deal: Mapping[str, Any], version: int, events: Sequence[Event]) -> None:
    seqs = [event.seq for event in events]
    if seqs != list(range(version + 1, version + 1 + len(events))) or deal["version"] != version + len(events):
        raise ValueError(f"events {seqs} and state {deal['version']} do not follow on version {version}")
    if any(event.deal != deal["id"] for event in events):
        raise ValueError("events of another deal")
