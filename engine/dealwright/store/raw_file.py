"""Reading the bytes of a store's file beside SQLite, in the same process.

POSIX forgets all of a process's locks on a file as soon as the process closes any descriptor of
it. SQLite's would be gone, and another process might then delete the journal under our feet. So
a descriptor for such reading is only closed once the last store of that file has closed its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

_GUARD = Lock()
_CHUNK = 1024  # pages read at a time


class _Held:
    """A file that stores of this process have open: how many, and the descriptor for reading if there is one."""

    __slots__ = ("count", "file")

    def __init__(self) -> None:
        self.count = 0
        self.file: int | None = None


_HELD: dict[tuple[int, int], _Held] = {}


class RawFile:
    """The bytes of the store at `path`. Make one after SQLite has opened the file, `close` it after SQLite has."""

    def __init__(self, path: Path) -> None:
        self.path = path
        seen = path.stat()
        self._key = (seen.st_dev, seen.st_ino)
        with _GUARD:
            _HELD.setdefault(self._key, _Held()).count += 1

    def pages(self, size: int) -> Iterator[bytes]:
        """Every page of `size` bytes in order; the last may be cut short. Raises OSError."""
        at = 0
        while chunk := self.read(at, size * _CHUNK):
            at += len(chunk)
            for start in range(0, len(chunk), size):
                yield chunk[start : start + size]

    def read(self, at: int, count: int) -> bytes:
        """Bytes from an offset on; fewer at the end of the file. Raises OSError."""
        with _GUARD:
            held = _HELD[self._key]
            if held.file is None:
                held.file = os.open(self.path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0))
            os.lseek(held.file, at, os.SEEK_SET)
            return os.read(held.file, count)

    def close(self) -> None:
        """Let go of the file."""
        with _GUARD:
            held = _HELD[self._key]
            held.count -= 1
            if not held.count:
                del _HELD[self._key]
                if held.file is not None:
                    os.close(held.file)
