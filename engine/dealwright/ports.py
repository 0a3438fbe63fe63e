"""The protocols that stores fulfil. Everything here speaks plain data, so that any database can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from dealwright.events import Event, Record


class Move(NamedTuple):
    """One entry or exit of a stage, read from columns alone. `at` is None where the log does not know it."""

    deal: str
    seq: int
    type: str
    at: datetime | None
    from_: str | None
    to: str | None


class Problem(NamedTuple):
    """Damage that `verify` found, in both languages. `deal` and `seq` are None where a row no longer tells."""

    deal: str | None
    seq: int | None
    code: str
    message: str
    zh: str = ""

    def say(self, lang: str) -> str:
        """The message in `lang`."""
        return self.zh if lang == "zh" and self.zh else self.message


class Verified(NamedTuple):
    """What `verify` saw: events read, the head that the log adds up to, and everything wrong with it."""

    deals: int
    events: int
    head: str
    problems: tuple[Problem, ...]


class StoreInfo(NamedTuple):
    """`path` of the store, its counts, the head of its log, its size in bytes and schema version."""

    path: str
    deals: int
    events: int
    head: str
    bytes: int
    schema: int


class Store(Protocol):
    """Where a workspace keeps its log. One contract suite (tests/contracts) holds for every store.

    A *deal document* is the JSON state of a deal; the keys `id, version, process, stage,
    status, owner, due_at, external_id, title, opened_at` are those a store may filter by.
    """

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside is written, or nothing; nests. Takes the store's write lock at once.

        Raises StoreError where the lock is not to be had within the store's time limit.
        """

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

        Raises ConflictError where the stored deal's version is not `expected_version` (0: no such deal yet).
        """

    def append_new(
        self, deals: Sequence[tuple[Mapping[str, Any], Sequence[Event]]], *, recorded_at: datetime, recorded_by: str
    ) -> None:
        """`append` for many deals that are new, each with its events, in their order; for imports.

        What the documents hold must have been checked to be JSON. Raises StoreError where one is there already.
        """

    def deal(self, deal_id: str) -> dict[str, Any] | None:
        """The deal's document, or None. Raises StoreError where its row is damaged."""

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
        """How many match, and their documents in order of opening; deals of the processes `without` do not count."""

    def deals_where(
        self, equal: Mapping[str, Any], *, process: str | None = None, statuses: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        """The documents that hold these JSON values at these places, in order of opening.

        A place is a dotted path of keys and positions: `subject`, `fields.customer`,
        `artifacts.registration.0.values.product`. What is asked again and again, inside
        transactions, must not read every document each time.
        """

    def prepare_places(self, places: Sequence[str]) -> None:
        """Inside a transaction: `deals_where` will ask for these places, so it is to be quick from now on."""

    def deals_waking(self, until: datetime) -> list[str]:
        """The ids of the deals whose document says (`wakes_at`) that time may do something to them by `until`.

        Earliest first. `wakes_at` is of fixed width: `2026-03-05T09:30:00.000000Z`.
        """

    def loads(self, process: str) -> dict[str, int]:
        """How many open and won deals of `process` each owner has."""

    def deal_names(self) -> list[tuple[str, str, str | None]]:
        """(id, process, external id) of every deal, in order of opening."""

    def find_deals(self, text: str) -> list[tuple[str, str]]:
        """(id, title) of each deal whose id or external id is `text`, else of those whose title contains it."""

    def events(
        self, deal: str | None = None, *, types: Sequence[str] = (), since: datetime | None = None,
        until: datetime | None = None, after: int = 0,
    ) -> Iterator[Record]:  # fmt: skip
        """The log, of one deal or of all, in order of position. `until` and the position `after` are exclusive."""

    def cursor(self, name: str) -> dict[str, Any] | None:
        """What a reader of the log keeps of how far it is, or None."""

    def put_cursor(self, name: str, document: Mapping[str, Any]) -> None:
        """Keep how far a reader of the log is, in place of what it kept before. It is no part of the log."""

    def moves(self, process: str) -> Iterator[Move]:
        """Every opening, move and end of a process's deals, imported ones too, in order of deal and seq."""

    def next_number(self, process: str, count: int = 1) -> int:
        """The next number for a deal id of `process`, the first of `count`, taken inside the transaction."""

    def last_number(self, process: str) -> int:
        """The last number that `next_number` gave for `process`; 0 for none."""

    def put_definition(self, definition_hash: str, document: Mapping[str, Any]) -> None:
        """Keep a resolved process whole, by its hash; the same hash again changes nothing."""

    def definition(self, definition_hash: str) -> dict[str, Any] | None:
        """A kept definition, or None."""

    def definitions(self) -> list[dict[str, Any]]:
        """`{definition_hash, id, version, source_hash, published}` of every kept definition, oldest first."""

    def record_types(self) -> list[str]:
        """The ids of the kept definitions whose resolved process is a type of record, oldest first."""

    def publish(self, definition_hash: str) -> None:
        """Mark a kept definition as published."""

    def put_personal(self, ref: str, subject: str, value: Any, salt: str) -> None:
        """Keep a personal value apart from the log."""

    def personal(self, refs: Sequence[str]) -> dict[str, Any]:
        """The values of `refs`; an erased one is left out."""

    def personal_of(self, subject: str) -> list[str]:
        """The references of the values kept under a subject."""

    def erase_personal(self, refs: Sequence[str]) -> int:
        """Erase the values of `refs` with their salts, inside the transaction; how many there were."""

    def scrub(self, values: Sequence[Any]) -> tuple[str, ...]:
        """After an erasure is committed: leave no trace of `values` in any file of the store.

        Gives the names of files where one may be left, because a reader is still at them. Without
        values it does what it can without knowing what to look for.
        """

    def copies(self) -> tuple[str, ...]:
        """Where earlier states of this store are kept whole, which an erasure does not reach."""

    def uses_of_file(self, sha256: str) -> list[tuple[str, int]]:
        """(deal, seq) of each event that names an attached file; those that tell of its erasure do not count."""

    def head(self) -> str:
        """The hash over the whole log by position (64 zeros for an empty one)."""

    def end(self) -> tuple[int, str]:
        """The last position of the log and the head there; (0, 64 zeros) for an empty one."""

    def attachments(self) -> Iterator[tuple[str, int, str]]:
        """(deal, seq, SHA-256) of each file that an event names, in order, but for those erased after it."""

    def verify(self, deal: str | None = None, head: str | None = None) -> Verified:
        """Read everything, or all of one deal, and check rows, chains, head and that state equals the log's version.

        `head` is one kept elsewhere, `POSITION:HASH` or a hash alone; the whole log must fit it. Raises UsageError.
        """

    def info(self) -> StoreInfo:
        """Counts, size, head."""

    def close(self) -> None:
        """Let go of files and locks."""
