"""Who waits for the store is the next to get it, however quick the last owner comes back."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from dealwright.errors import StoreError
from dealwright.store.locks import FileLock


def _in_line(path: Path) -> bool:
    """Whether somebody holds the turn."""
    if not path.exists():
        return False
    probe = FileLock(path, 0)
    try:
        return not probe.try_acquire()
    finally:
        probe.close()


def test_the_last_owner_comes_after_whoever_was_waiting(tmp_path: Path) -> None:
    path = tmp_path / "store.lock"
    owner, waiting = FileLock(path, 10), FileLock(path, 10)
    owner.acquire()
    order: list[str] = []

    def wait() -> None:
        waiting.acquire()
        order.append("the one who waited")
        waiting.release()

    thread = threading.Thread(target=wait)
    thread.start()
    until = time.monotonic() + 10
    while not _in_line(path.with_name("store.lock.turn")) and time.monotonic() < until:
        time.sleep(0.001)
    owner.release()
    owner.acquire()
    order.append("the last owner")
    thread.join(10)
    assert order == ["the one who waited", "the last owner"]
    owner.close()
    waiting.close()


def test_where_nobody_ever_waited_there_is_no_second_file(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "store.lock", 1)
    for _ in range(3):
        lock.acquire()
        lock.release()
    lock.close()
    assert [path.name for path in tmp_path.iterdir()] == ["store.lock"]


def test_a_wait_that_is_given_up_does_not_keep_the_turn(tmp_path: Path) -> None:
    owner, hasty = FileLock(tmp_path / "store.lock", 10), FileLock(tmp_path / "store.lock", 0.02)
    owner.acquire()
    for _ in range(2):
        with pytest.raises(StoreError, match=r"0\.02 seconds"):
            hasty.acquire()
    owner.release()
    owner.acquire()
    owner.release()
    deadline = time.monotonic() + 10
    while not hasty.try_acquire() and time.monotonic() < deadline:
        time.sleep(0.001)  # the waits that were given up take the lock once more, and let it go
    hasty.close()
    owner.acquire()
    owner.close()
