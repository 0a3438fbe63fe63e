"""The head of the log kept in a second file, so that a store whose tail was lost can be told."""

from __future__ import annotations

import os
import re
from io import FileIO
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

_LINE = re.compile(rb"(\d{20}) ([0-9a-f]{64}) (\d{12}) ([0-9a-f]{8})\n")
_SIZE = 20 + 1 + 64 + 1 + 12 + 1 + 8 + 1


class Head(NamedTuple):
    """The last position of the log, the hash over all of it, and how many writes the store saw besides its events."""

    position: int
    head: str
    writes: int = 0


class HeadFile:
    """The file beside `store`. It holds two heads with a checksum each, one of them always whole.

    It is written after the commit it speaks of, so it can only ever be behind the log, which is
    no damage; hence it is neither synced to disk nor allowed to fail a write that is already
    durable. Writing in place over the older of the two does what an atomic rename would, which
    on ext4 forces the file out to disk and costs six times the commit itself.
    """

    def __init__(self, store: Path) -> None:
        self.path = store.with_name(store.name + ".head")
        self._file: FileIO | None = None
        self._key = (0, 0)
        self._second = False  # which of the two is to be written next

    def read(self) -> Head | None:
        """The head that was last written down; None where the file is missing or cannot be read."""
        return self.look()[0]

    def look(self) -> tuple[Head | None, bool]:
        """What `read` gives, and whether both heads of the file are whole."""
        try:
            content = self.path.read_bytes()
        except OSError:
            return None, False
        lines = _lines(content)
        return max(filter(None, lines), key=_age, default=None), None not in lines and len(content) == 2 * _SIZE

    def write(self, head: Head) -> None:
        """Write `head` down. A failure is let pass."""
        try:
            self._write(head)
        except OSError:
            self.close()

    def _write(self, head: Head) -> None:
        seen = self._stat()
        if seen is None or seen.st_size != 2 * _SIZE:
            self.close()
            self.path.write_bytes(_written(head) * 2)
            return
        if self._file is None or self._key != (seen.st_dev, seen.st_ino):
            self.close()
            self._file = FileIO(self.path, "r+")
            self._key = (seen.st_dev, seen.st_ino)
            first, second = (_age(line) if line else (-1, 0) for line in _lines(self._file.read(2 * _SIZE)))
            self._second = first > second
        # Turn by turn, without reading what others wrote meanwhile: all of it is older, whichever of the two it is.
        self._file.seek(_SIZE if self._second else 0)
        self._file.write(_written(head))
        self._second = not self._second

    def _stat(self) -> os.stat_result | None:
        try:
            return self.path.stat()
        except FileNotFoundError:
            return None

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _lines(content: bytes) -> list[Head | None]:
    """The two heads in the file, None for one that is not whole."""
    return [_line(content[:_SIZE]), _line(content[_SIZE:])]


def _line(content: bytes) -> Head | None:
    found = _LINE.fullmatch(content)
    if found is None or found[4] != b"%08x" % crc32(content[: found.start(4)]):
        return None
    return Head(int(found[1]), found[2].decode(), int(found[3]))


def _age(head: Head) -> tuple[int, int]:
    return head.position, head.writes


def _written(head: Head) -> bytes:
    line = f"{head.position:020d} {head.head} {head.writes:012d} ".encode()
    return line + f"{crc32(line):08x}\n".encode()
