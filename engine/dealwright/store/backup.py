"""Copies of a store: made while others write, checked whole, and put back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from dealwright.errors import ConflictError, StoreError
from dealwright.ports import Verified
from dealwright.store import durable
from dealwright.store.head_file import HeadFile
from dealwright.store.locks import FileLock
from dealwright.store.sqlite_file import FAULTS, explain
from dealwright.store.tiny import TinyStore

Progress = Callable[[int, int], None]

BESIDE = ("-wal", "-shm", ".head", ".seal")  # what may stand beside a store and speaks of it alone
_PAGES = 256  # copied at a time


def copy_store(store: TinyStore, target: Path, progress: Progress | None = None) -> Verified:
    """Copy the store as it is at this moment to the file `target`, which is written anew, and check the copy whole.

    Others go on writing; what they write meanwhile is not in the copy. Raises StoreError where the copy has faults.
    """
    clear(target)
    source = store.storage
    try:
        made = sqlite3.connect(target, isolation_level=None)
        try:
            # The snapshot keeps SQLite from starting over whenever somebody else has written.
            with source.snapshot():
                source.count("meta")
                source.copy_into(made, _PAGES, progress or _quiet)
        finally:
            made.close()
    except FAULTS as error:
        raise explain(error, target) from error
    return check_copy(target)


def check_copy(path: Path) -> Verified:
    """Read a copy whole and note its head beside it. Raises StoreError where something is wrong with it."""
    with TinyStore(path) as copy:
        head_file = HeadFile(path)
        head_file.write(copy.whole_head())
        head_file.close()
        seen = copy.verify()
    if seen.problems:
        first = seen.problems[0]
        raise StoreError(
            f"The copy at {path} is not whole: {first.message}", f"{path} 处的副本不完整：{first.say('zh')}",
            path=str(path), problems=len(seen.problems),
        )  # fmt: skip
    return seen


def stage_store(source: Path, target: Path) -> tuple[Path, Verified]:
    """Copy the backup's store beside the place where it is to be, and check that copy whole. Raises StoreError."""
    draft = target.with_name(f"{target.name}.restoring")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        clear(draft)
        _copy_durably(source, draft)
    except OSError as error:
        raise StoreError(
            f"{source} cannot be copied to {draft} ({error.strerror}).",
            f"无法将 {source} 复制到 {draft}（{error.strerror}）。", path=str(source),
        ) from error  # fmt: skip
    return draft, check_copy(draft)


def place_store(draft: Path, target: Path, aside: Path | None, timeout: float = 10.0) -> None:
    """Make the checked store `draft` the one at `target`; interrupted, all that led to it can be done again.

    A store that is at `target` already is kept in the folder `aside`, with what stands beside it.
    Raises ConflictError where there is one and no `aside`, StoreError.
    """
    with TinyStore(draft) as staged:
        head = staged.whole_head()
    lock = FileLock(target.with_name(target.name + ".lock"), timeout)
    lock.acquire()
    try:
        if target.exists():
            if aside is None:
                raise in_the_way(target)
            _keep_aside(target, aside)
        for suffix in BESIDE:
            # A journal of the store that was here would be played into the new one.
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        durable.replace(draft, target)
        head_file = HeadFile(target)
        head_file.write(head)
        head_file.close()
        clear(draft)
    except OSError as error:
        raise StoreError(
            f"The store at {target} cannot be replaced ({error.strerror}). End every program that uses it.",
            f"无法替换 {target} 处的数据存储（{error.strerror}）。请结束所有正在使用它的程序。", path=str(target),
        ) from error  # fmt: skip
    finally:
        lock.release()
        lock.close()


def in_the_way(store: Path) -> ConflictError:
    """The error of restoring over a store without being told to."""
    return ConflictError(
        f"There is a store at {store} already. With --replace it is kept aside.",
        f"{store} 处已有数据存储。使用 --replace 可将其另行保留并替换。", path=str(store),
    )  # fmt: skip


def clear(path: Path) -> None:
    """Remove a store's file that was left half-made, with what stands beside it."""
    for suffix in ("", *BESIDE, ".lock"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _keep_aside(store: Path, aside: Path) -> None:
    """Copies first, so that an interruption leaves one whole store in one of the two places."""
    durable.make_folder(aside)
    for suffix in (*BESIDE, ""):
        path = store.with_name(store.name + suffix)
        if path.exists() and suffix != "-shm":
            _copy_durably(path, aside / path.name)


def _copy_durably(source: Path, target: Path) -> None:
    draft = target.with_name(target.name + ".part")
    with source.open("rb") as read, draft.open("wb") as write:
        shutil.copyfileobj(read, write, 1 << 20)
        write.flush()
        os.fsync(write.fileno())
    durable.replace(draft, target)


def _quiet(done: int, total: int) -> None:
    """No progress is shown."""
