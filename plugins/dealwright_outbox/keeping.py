"""One queue kept open between events: to open and close a file for each would take five times as long."""

from __future__ import annotations

import atexit
import os
import threading
from pathlib import Path
from typing import NamedTuple

from dealwright_outbox.queue import PLACE, Queue


class _Kept(NamedTuple):
    process: int
    thread: int
    folder: Path
    file: tuple[int, int] | None
    queue: Queue


_KEPT: list[_Kept] = []  # none or one; what a forked child inherited stays its parent's


def kept(folder: Path) -> Queue:
    """The queue of a workspace, open in this thread; another one where the file is no longer the same."""
    wanted = (os.getpid(), threading.get_ident(), folder)
    for one in _KEPT:
        if one[:3] == wanted and one.file is not None and one.file == _file(folder):
            return one.queue
    drop()
    queue = Queue(folder)
    _KEPT.append(_Kept(*wanted, _file(folder), queue))
    return queue


def drop() -> None:
    """Close it: something went wrong with it, another one is wanted, or the program ends."""
    for one in [one for one in _KEPT if one.process == os.getpid()]:
        _KEPT.remove(one)
        one.queue.close()


def _file(folder: Path) -> tuple[int, int] | None:
    try:
        found = (folder / PLACE).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


atexit.register(drop)
