"""SQLite's write-ahead log as it lies on the disk: which pages it holds, in the state they were last committed."""

from __future__ import annotations

from io import FileIO
from pathlib import Path
from struct import Struct
from typing import NamedTuple

_HEADER = 32
_FRAME = 24
_WORDS = Struct(">4I")
_INDEX = 48  # the size of the index's header, which is there twice
_FRAMES = Struct("=I")
INDEX_HEADERS = 2 * _INDEX
FULL = 1000  # frames; as many as SQLite lets come together before it folds by itself


class Journal(NamedTuple):
    """The committed pages of a journal: `content[offsets[n]:][:page_size]` is page n; `pages` is the size of the store.

    One without a commit has no pages. `frames` counts those in use.
    """

    content: bytes
    offsets: dict[int, int]
    pages: int
    page_size: int
    frames: int


def journal_path(store: Path) -> Path:
    """Where the journal of the store at `store` is."""
    return store.with_name(store.name + "-wal")


def has_journal(store: Path) -> bool:
    """Whether there is anything in the journal."""
    try:
        return journal_path(store).stat().st_size > _HEADER
    except OSError:
        return False


def index_path(store: Path) -> Path:
    """Where SQLite keeps the index of the journal."""
    return store.with_name(store.name + "-shm")


def frames_in(index: bytes) -> int | None:
    """How many frames of the journal are in use, from the first bytes of its index; None where they do not tell.

    Behind them there may be a whole transaction whose commit failed: what SQLite took back, it does not wipe out.
    """
    first, second = index[:_INDEX], index[_INDEX : 2 * _INDEX]
    if len(second) < _INDEX or first != second:
        return None
    return int(_FRAMES.unpack_from(first, 16)[0])


def read_journal(store: Path, most: int | None = None) -> Journal:
    """The journal's committed pages, of its first `most` frames. Nobody may be writing. Raises OSError.

    Frames' checksums are SQLite's to judge.
    """
    try:
        content = journal_path(store).read_bytes()
    except FileNotFoundError:
        content = b""
    offsets: dict[int, int] = {}
    if len(content) <= _HEADER:
        return Journal(content, offsets, 0, 0, 0)
    _, _, page_size, _ = _WORDS.unpack_from(content, 0)
    salts = content[16:24]
    waiting: list[tuple[int, int]] = []
    pages = count = 0
    # A frame of an earlier round of the journal has other salts; everything from there on is left over.
    for at in range(_HEADER, len(content) - _FRAME - page_size + 1, _FRAME + page_size):
        if content[at + 8 : at + 16] != salts or count == most:
            break
        page, committed, _, _ = _WORDS.unpack_from(content, at)
        waiting.append((page, at + _FRAME))
        if committed:
            offsets.update(waiting)
            waiting.clear()
            pages = committed
        count += 1
    kept = {page: at for page, at in offsets.items() if page <= pages}
    return Journal(content, kept, pages, page_size, count)


class Gauge:
    """Tells when so many frames were added to a journal that it should be folded. Costs two short reads."""

    def __init__(self, store: Path) -> None:
        self._path = journal_path(store)
        self._file: FileIO | None = None
        self._salts = b""
        self._seen = 0

    def full(self) -> bool:
        """Whether the journal holds `FULL` frames more than when it was last folded."""
        try:
            if self._file is None:
                self._file = FileIO(self._path)  # SQLite locks other files, so this one may be opened and closed
            self._file.seek(0)
            header = self._file.read(_HEADER)
            if len(header) < _HEADER:
                return False
            base = self._seen if header[16:24] == self._salts else 0  # the journal began anew meanwhile
            self._file.seek(_HEADER + (base + FULL) * (_FRAME + _WORDS.unpack_from(header)[2]) + 8)
            return self._file.read(8) == header[16:24]
        except OSError:
            return False

    def note(self, journal: Journal) -> None:
        """The journal was folded as it is here."""
        self._salts = journal.content[16:24]
        self._seen = journal.frames

    def close(self) -> None:
        """Close the journal's file."""
        if self._file is not None:
            self._file.close()
            self._file = None
