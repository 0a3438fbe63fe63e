"""A lock between processes, first come first served where the platform allows it."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from dealwright.errors import StoreError

_POLL = 0.005  # seconds; only where the platform cannot wait in a queue


class FileLock:
    """An exclusive lock on a file of its own, which is made when first needed and never deleted.

    SQLite's own lock is taken by whoever polls first, so that one busy writer starves the
    others; this one is asked for before each write transaction and queues them. The kernel lets
    whoever runs take a lock that was just given back, which on a busy machine is the last owner
    again; so from the first time that somebody had to wait there is a second file, the turn, which
    whoever is next in line holds.
    """

    def __init__(self, path: Path, timeout: float) -> None:
        self._path = path
        self._timeout = timeout
        self._file: int | None = None
        self._turn: int | None = None

    def acquire(self) -> None:
        """Wait for the lock, `timeout` seconds at most. Raises StoreError."""
        turn_file = self._path.with_name(self._path.name + ".turn")
        if self._turn is None and not turn_file.exists() and self.try_acquire():
            return
        until = time.monotonic() + self._timeout
        turn = self._open(turn_file) if self._turn is None else self._turn
        self._turn = None  # if it fails, a waiting thread still owns the file, and closes it
        if not _lock(turn, self._timeout):
            raise self._too_long()
        self._turn = turn
        try:
            file = self._open(self._path) if self._file is None else self._file
            self._file = None  # the same
            if not _lock(file, max(0.0, until - time.monotonic())):
                raise self._too_long()
            self._file = file
        finally:
            _unlock(turn)

    def _too_long(self) -> StoreError:
        return StoreError(
            f"Another process has kept the store locked for {self._timeout:g} seconds. "
            "Try again, or look for a dealwright process that hangs.",
            f"另一个进程占用数据存储已超过 {self._timeout:g} 秒。请重试，或检查是否有 dealwright 进程卡住。",
            path=str(self._path),
        )

    def try_acquire(self) -> bool:
        """Take the lock if nobody has it now; False otherwise. Raises StoreError where its file cannot be opened."""
        if self._file is None:
            self._file = self._open(self._path)
        return _try(self._file)

    def release(self) -> None:
        """Let the next one in."""
        if self._file is not None:
            _unlock(self._file)

    def close(self) -> None:
        """Close the file, which also lets go of the lock."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self._turn is not None:
            os.close(self._turn)
            self._turn = None

    def _open(self, path: Path) -> int:
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
        except OSError as error:
            raise StoreError(
                f"The store cannot be written: {path.name} cannot be opened beside it ({error.strerror}).",
                f"无法写入数据存储：不能打开其旁的 {path.name}（{error.strerror}）。",
                path=str(self._path),
            ) from error


if sys.platform == "win32":

    def _lock(file: int, timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        while not _try(file):
            if time.monotonic() >= deadline:
                os.close(file)
                return False
            time.sleep(_POLL)
        return True

    def _try(file: int) -> bool:
        import msvcrt

        try:
            os.lseek(file, 0, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: int) -> None:
        import msvcrt

        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:

    def _lock(file: int, timeout: float) -> bool:
        return _try(file) or _queue(file, timeout)

    def _try(file: int) -> bool:
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _queue(file: int, timeout: float) -> bool:
        """Wait in the kernel's queue, which has no time limit of its own, in a thread that can be left behind."""
        import fcntl
        import threading  # only needed where somebody waits; importing it takes longer than reading a deal

        state = threading.Lock()
        done = threading.Event()
        abandoned = False

        def wait() -> None:
            fcntl.flock(file, fcntl.LOCK_EX)
            with state:
                if abandoned:
                    os.close(file)
                done.set()

        threading.Thread(target=wait, daemon=True, name="dealwright-store-lock").start()
        try:
            done.wait(timeout)
        finally:
            # Also on an interrupt: nobody may be left holding the lock unknowingly.
            with state:
                abandoned = not done.is_set()
        return not abandoned

    def _unlock(file: int) -> None:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_UN)
