"""An SQLite file that is a store: created once, opened with care, its errors told in our words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dealwright.errors import StoreError

FORMAT = 0x44574C31  # "DWL1" in the file's header says that a store of ours is inside
# Where a damaged name gets into SQLite's own message, Python fails to read that message.
FAULTS = (sqlite3.Error, UnicodeError)
BUSY = 10.0  # seconds; SQLite's own lock is only contended by foreign programs


def connect(path: Path, schema: int | None) -> sqlite3.Connection:
    """Open the store at `path`; for reading only where the file system allows no more.

    Never creates anything. `schema` None takes any version. Raises StoreError for a missing, empty, foreign or
    damaged file, and for one of another version.
    """
    _must_be_file(path)
    try:
        connection = _open_any(path)
    except FAULTS as error:
        raise explain(error, path) from error
    try:
        _must_be_ours(connection, path, schema)
    except FAULTS as error:
        connection.close()
        raise explain(error, path) from error
    except StoreError:
        connection.close()
        raise
    return connection


def _must_be_file(path: Path) -> None:
    if not path.exists():
        raise StoreError(
            f"There is no store at {path}. Run `dealwright init` to create one; "
            "if there was one before, restore it from a backup.",
            f"{path} 处没有数据存储。请运行 `dealwright init` 创建；如果以前有过，请从备份恢复。",
            path=str(path),
        )
    if not path.is_file():
        raise StoreError(f"The store at {path} is not a file.", f"{path} 不是文件，无法作为数据存储。", path=str(path))
    if path.stat().st_size == 0:
        raise StoreError(
            f"The store at {path} is an empty file: its contents are lost. Restore it from a backup, "
            "or remove the file and run `dealwright init`.",
            f"{path} 处的数据存储是空文件，内容已丢失。请从备份恢复，或删除该文件后运行 `dealwright init`。",
            path=str(path),
        )


def _open_any(path: Path) -> sqlite3.Connection:
    """Open for writing, else for reading, else as a file that nobody writes (a folder without write access)."""
    modes = ["mode=rw", "mode=ro"]
    if not _has_log(path):
        modes.append("mode=ro&immutable=1")
    if not os.access(path, os.W_OK):
        del modes[0]
    for mode in modes[:-1]:
        try:
            return _try(path, mode)
        except sqlite3.OperationalError:
            continue
    return _try(path, modes[-1])


def _has_log(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _try(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, timeout=BUSY, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA wal_autocheckpoint=0")  # the storage does it, for what is folded is sealed first
        connection.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten, not just unlinked
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()  # opens the file, the log and its index
    except FAULTS:
        connection.close()
        raise
    return connection


def _must_be_ours(connection: sqlite3.Connection, path: Path, schema: int | None) -> None:
    (kind,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if kind != FORMAT:
        raise StoreError(
            f"{path} is an SQLite file, but not a dealwright store. Check `store:` in dealwright.yaml.",
            f"{path} 是 SQLite 文件，但不是 dealwright 的数据存储。请检查 dealwright.yaml 中的 `store:`。",
            path=str(path),
        )
    if schema is not None and version != schema:
        older = version < schema
        en = "Run `dealwright store migrate`." if older else "Use the dealwright that wrote it, or a later one."
        zh = "请运行 `dealwright store migrate`。" if older else "请使用写入它的或更新的 dealwright。"
        raise StoreError(
            f"The store at {path} has schema version {version}; this dealwright knows version {schema}. {en}",
            f"{path} 的数据存储版本为 {version}，而当前 dealwright 支持版本 {schema}。{zh}",
            path=str(path),
            schema=version,
        )


def create(path: Path, schema: int, statements: Iterable[tuple[str, tuple[Any, ...]]]) -> None:
    """Make the file at `path` by running `statements`, wholly or not at all. The caller made sure none is there."""
    fresh = path.with_name(f"{path.name}.new")
    for stale in (fresh, path):
        # A write-ahead log left behind by a file that is gone would be replayed into the new one.
        for suffix in ("-wal", "-shm"):
            stale.with_name(stale.name + suffix).unlink(missing_ok=True)
    fresh.unlink(missing_ok=True)
    connection = sqlite3.connect(fresh, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("BEGIN IMMEDIATE")
        for statement, values in statements:
            connection.execute(statement, values)
        connection.execute(f"PRAGMA application_id={FORMAT}")
        connection.execute(f"PRAGMA user_version={schema}")
        connection.execute("COMMIT")
    finally:
        connection.close()  # as the only connection this also folds the log into the file
    from dealwright.store import durable  # an open creates nothing

    durable.replace(fresh, path)


def explain(error: Exception, path: Path) -> StoreError:
    """What one of `FAULTS` means for the store, and what to do about it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the upper bits only refine it
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        en = "The store is locked by another program. Close it and try again."
        zh = "数据存储被其他程序锁定。请关闭该程序后重试。"
    elif code == sqlite3.SQLITE_READONLY:
        en = "The store can be read but not written: its file or folder is read-only."
        zh = "数据存储可读但不可写：其文件或文件夹为只读。"
    elif code == sqlite3.SQLITE_FULL:
        en = "The disk is full; nothing was written. Free some space and try again."
        zh = "磁盘已满，未写入任何内容。请清理空间后重试。"
    elif code == sqlite3.SQLITE_CANTOPEN:
        en = "The store cannot be opened: check the rights on its file and folder."
        zh = "无法打开数据存储：请检查其文件和文件夹的权限。"
    elif (
        code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
        or isinstance(error, UnicodeDecodeError)
        or "decode" in str(error).lower()
    ):
        en = f"The store at {path} is damaged or no store at all ({error}). Restore it from a backup."
        zh = f"{path} 处的数据存储已损坏，或根本不是数据存储（{error}）。请从备份恢复。"
    else:
        en = f"The store could not do that: {error}. Nothing was changed."
        zh = f"数据存储未能完成该操作：{error}。未做任何更改。"
    return StoreError(en, zh, path=str(path), sqlite=str(error))
