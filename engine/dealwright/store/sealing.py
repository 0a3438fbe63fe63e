"""When the seal is brought up to date: always before the journal is folded into the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dealwright.errors import StoreError
from dealwright.store.journal import Gauge, Journal, has_journal, index_path
from dealwright.store.locks import FileLock
from dealwright.store.raw_file import RawFile
from dealwright.store.seal import Seal, read_stamp
from dealwright.store.sqlite_file import FAULTS

_SOMETIMES = 16  # commits between two looks at how long the journal is
_FAILURES = (OSError, ValueError, *FAULTS)


class SealedFile:
    """A store's file with its journal and seal, as one connection uses them. `lock` keeps other writers out."""

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: FileLock) -> None:
        self.path = path
        self._connection = connection
        self._lock = lock
        self._raw = RawFile(path)
        index = index_path(path)
        self._index = RawFile(index) if index.exists() else None
        self._seal = Seal(path, self._raw, self._index)
        self._gauge = Gauge(path)
        self._wrote = False
        self._commits = 0

    def written(self) -> None:
        """Something was committed, and the lock is still held: fold the journal once it has grown long."""
        self._wrote = True
        self._commits += 1
        if self._commits % _SOMETIMES == 0 and self._gauge.full():
            with suppress(*FAULTS):
                self.fold("PASSIVE")

    def fold(self, how: str) -> bool:
        """Seal what the journal holds, then fold it into the file; False where a reader keeps that from being done.

        Only while no other process writes. SQLite never folds by itself, but for a last close. Raises sqlite3.Error:
        then all stays in the journal, where it is as safe.
        """
        journal = self._renew()
        done = not self._connection.execute(f"PRAGMA wal_checkpoint({how})").fetchone()[0]
        if journal is not None:
            self._seal.note_folded()
            self._gauge.note(journal)
        return done

    def unseal(self) -> None:
        """Remove the seal before something that changes every page, but nothing that tells one state from another."""
        with suppress(OSError):
            self._seal.remove()

    def changed_pages(self) -> list[int]:
        """The pages of the file that are not as they were sealed. Raises SealError, OSError, ValueError, FAULTS."""
        return list(self._seal.changed_pages(read_stamp(self._connection)))

    def content(self, at: int, count: int) -> bytes:
        """Bytes of the file from an offset on; none past its end. Raises OSError."""
        return self._raw.read(at, count)

    def close(self) -> None:
        """Close the connection and all files but the lock."""
        if self._connection.in_transaction:
            with suppress(*FAULTS):
                self._connection.rollback()
        with self._last_turn():
            self._connection.close()
        self._gauge.close()
        self._raw.close()
        if self._index is not None:
            self._index.close()

    @contextmanager
    def _last_turn(self) -> Iterator[None]:
        """Closing as the last one folds the journal, which is to be sealed first.

        Who only read does not wait for writers: whoever writes now will see to it.
        """
        locked = False
        if has_journal(self.path) and (self._wrote or not self._is_sealed()):
            with suppress(StoreError):
                if self._wrote:
                    self._lock.acquire()
                locked = self._wrote or self._lock.try_acquire()
        sealed = self._renew() if locked else None
        try:
            yield
        finally:
            if sealed is not None:
                self._seal.note_folded()
            if locked:
                self._lock.release()

    def _is_sealed(self) -> bool:
        with suppress(*_FAILURES):
            return self._seal.is_of(read_stamp(self._connection))
        return False

    def _renew(self) -> Journal | None:
        """What was sealed; None where that failed, and then there is no seal any more, as it would not fit."""
        try:
            return self._seal.renew(read_stamp(self._connection))
        except _FAILURES:
            self.unseal()
            return None
