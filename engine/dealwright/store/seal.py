"""A checksum of every page of the store's file, so that a changed byte is found even where SQLite keeps nothing.

Rows have checksums of their own, but more than half of a small file is space that no row uses,
and a disk that changes bytes there will change others. The seal is brought up to date from the
journal, before the journal is folded into the file; it says for which state of the store it was
made, so that one that fell behind (a foreign program folded the journal) accuses nobody.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from struct import Struct, error
from typing import NamedTuple
from zlib import crc32

from dealwright.store.journal import INDEX_HEADERS, Journal, frames_in, read_journal
from dealwright.store.raw_file import RawFile

_MAGIC = b"DWSEAL1\n"
_HEAD = Struct("<8sIIQQQQ")  # magic, page size, pages, the stamp's two numbers, the file's size and time of change
_SUM = Struct("<I")
_START = 64
_PAGE_SIZE = Struct(">H")

Stamp = tuple[int, int]  # the log's last position, and the number of writes besides events


class SealError(Exception):
    """The seal cannot be read; `args[0]` says why, None where there is none at all."""


class _Head(NamedTuple):
    page_size: int
    pages: int
    stamp: Stamp
    size: int
    changed: int


class Seal:
    """The seal of the store at `store`, kept in a file beside it. Only use it while no other process writes."""

    def __init__(self, store: Path, raw: RawFile, index: RawFile | None = None) -> None:
        self.store = store
        self._raw = raw
        self._index = index  # of the journal
        self.path = store.with_name(store.name + ".seal")

    def renew(self, stamp: Stamp) -> Journal:
        """Take over what the journal holds; call it before the journal is folded into the file. Raises OSError."""
        journal = self._journal()
        head = self._continued()
        if head is None or (journal.pages and journal.page_size != head.page_size):
            self._write_whole(stamp, journal)
        elif journal.pages:
            self._write_changed(head, stamp, journal)
        return journal

    def note_folded(self) -> None:
        """Remember the file as it is after folding, which spares the next `renew` a look inside.

        Only after a `renew` that went well: the seal of another state must not pass for this one's.
        """
        with contextlib.suppress(OSError, SealError):
            head = self._read_head()
            with self.path.open("r+b", buffering=0) as file:
                _write(file, _packed(_noted(head, self.store)))

    def is_of(self, stamp: Stamp) -> bool:
        """Whether the state with this stamp has been sealed already, down to every page that the journal holds.

        After a power cut the head may be there without the sums that were written before it.
        """
        try:
            if self._read_head().stamp != stamp:
                return False
            sums = self.path.read_bytes()[_START:]
            return all(sums[(page - 1) * 4 : page * 4] == _SUM.pack(kept) for page, kept in _sums(self._journal()))
        except (SealError, OSError):
            return False

    def remove(self) -> None:
        """Remove the seal of a store that was replaced; the next write makes another."""
        self.path.unlink(missing_ok=True)

    def changed_pages(self, stamp: Stamp) -> Iterator[int]:
        """The pages that are not as they were sealed. Raises SealError, also where it is of another state."""
        head = self._read_head()
        if stamp != head.stamp and self._stamp_of_file() != head.stamp:
            raise SealError(None)
        sums = self.path.read_bytes()[_START:]
        if len(sums) != head.pages * _SUM.size:
            raise SealError("of another length than it says")
        journal = self._journal()
        found = self._raw.pages(head.page_size)
        for page, (kept,) in enumerate(_SUM.iter_unpack(sums), 1):
            content = next(found, b"")
            if kept and page not in journal.offsets and _sum(content) != kept:
                yield page

    # -- reading

    def _journal(self) -> Journal:
        return read_journal(self.store, frames_in(self._index.read(0, INDEX_HEADERS)) if self._index else None)

    def _read_head(self) -> _Head:
        try:
            with self.path.open("rb") as file:
                content = file.read(_START)
        except OSError as failure:
            raise SealError(None) from failure
        try:
            magic, page_size, pages, position, writes, size, changed = _HEAD.unpack_from(content)
            (kept,) = _SUM.unpack_from(content, _HEAD.size)
        except error as failure:
            raise SealError("too short") from failure
        if magic != _MAGIC or crc32(content[: _HEAD.size]) != kept or any(content[_HEAD.size + _SUM.size :]):
            raise SealError("damaged")
        return _Head(page_size, pages, (position, writes), size, changed)

    def _continued(self) -> _Head | None:
        """The seal's head where all changes since are in the journal, else None."""
        try:
            head = self._read_head()
            if self.path.stat().st_size != _START + head.pages * _SUM.size:
                return None
        except (SealError, OSError):
            return None
        if _noted(head, self.store) == head or self._stamp_of_file() == head.stamp:
            return head
        return None

    def _stamp_of_file(self) -> Stamp | None:
        """The stamp of the file alone, its journal left aside; None where that cannot be read."""
        uri = f"{self.store.absolute().as_uri()}?mode=ro&immutable=1"
        try:
            with contextlib.closing(sqlite3.connect(uri, uri=True)) as file:
                return read_stamp(file)
        except (sqlite3.Error, UnicodeError, ValueError):
            return None

    # -- writing

    def _write_whole(self, stamp: Stamp, journal: Journal) -> None:
        """Seal the file as it is, with what the journal will change."""
        page_size = _page_size(self._raw.read(0, 18))
        sums = bytearray().join(_SUM.pack(_sum(content)) for content in self._raw.pages(page_size))
        if journal.pages:
            sums = sums[: journal.pages * _SUM.size].ljust(journal.pages * _SUM.size, b"\0")
        for page, kept in _sums(journal):
            _SUM.pack_into(sums, (page - 1) * _SUM.size, kept)
        head = _noted(_Head(page_size, len(sums) // _SUM.size, stamp, 0, 0), self.store)
        draft = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        try:
            with draft.open("wb", buffering=0) as out:
                _write(out, _packed(head) + sums)
                _sync(out.fileno())
            draft.replace(self.path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise

    def _write_changed(self, head: _Head, stamp: Stamp, journal: Journal) -> None:
        """Write down the sums of the pages in the journal. One of a page that is new, and not in it, stays unknown."""
        # Unbuffered: once a write has failed, nothing may follow it, least of all the head that vouches for the sums.
        with self.path.open("r+b", buffering=0) as out:
            if journal.pages != head.pages:
                # What lay beyond an end that moved is of no page any more.
                out.truncate(_START + min(head.pages, journal.pages) * _SUM.size)
                out.truncate(_START + journal.pages * _SUM.size)
            for page, kept in _sums(journal):
                out.seek(_START + (page - 1) * _SUM.size)
                _write(out, _SUM.pack(kept))
            out.seek(0)
            _write(out, _packed(_noted(head, self.store)._replace(pages=journal.pages, stamp=stamp)))
            _sync(out.fileno())


def read_stamp(connection: sqlite3.Connection) -> Stamp:
    """The stamp of the state that a connection sees. Raises sqlite3.Error, ValueError."""
    import msgspec

    (position,) = connection.execute("SELECT max(doc_id) FROM events").fetchone()
    found = connection.execute("SELECT body FROM meta WHERE key = 'writes'").fetchone()
    return position or 0, int(msgspec.json.decode(found[0])["value"]) if found else 0


def _noted(head: _Head, store: Path) -> _Head:
    """`head` with the file's size and time of change as they are now."""
    seen = store.stat()
    return head._replace(size=seen.st_size, changed=seen.st_mtime_ns)


def _packed(head: _Head) -> bytes:
    packed = _HEAD.pack(_MAGIC, head.page_size, head.pages, *head.stamp, head.size, head.changed)
    return (packed + _SUM.pack(crc32(packed))).ljust(_START, b"\0")


def _sums(journal: Journal) -> Iterator[tuple[int, int]]:
    view = memoryview(journal.content)
    for page, at in sorted(journal.offsets.items()):
        yield page, _sum(view[at : at + journal.page_size])


def _sum(content: bytes | memoryview) -> int:
    return crc32(content) or 1  # 0 stands for a page whose sum is not known


def _page_size(header: bytes) -> int:
    (size,) = _PAGE_SIZE.unpack_from(header, 16)
    return 65536 if size == 1 else int(size)


def _write(file: FileIO, content: bytes) -> None:
    """All of it, or an OSError: a disk that fills up takes a part."""
    if file.write(content) != len(content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _sync(file: int) -> None:
    getattr(os, "fdatasync", os.fsync)(file)
