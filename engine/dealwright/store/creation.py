"""Making a store: the only way in which one comes to be."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from dealwright.errors import StoreError
from dealwright.model.canonical import ZERO
from dealwright.store import sql
from dealwright.store.documents import Value, checksum, columns_of, encode
from dealwright.store.head_file import Head, HeadFile
from dealwright.store.layouts import LAYOUTS, META, SCHEMA
from dealwright.store.locks import FileLock
from dealwright.store.raw_file import RawFile
from dealwright.store.seal import Seal
from dealwright.store.sqlite_file import create, explain


def create_files(path: Path, timeout: float) -> None:
    """Write an empty store and its head file. Raises StoreError where there is one, or was one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder {path.parent} cannot be made ({error.strerror}).",
            f"无法创建文件夹 {path.parent}（{error.strerror}）。",
            path=str(path),
        ) from error
    lock = FileLock(path.with_name(path.name + ".lock"), timeout)
    lock.acquire()
    try:
        _must_be_new(path)
        made: list[tuple[str, tuple[Value, ...]]] = [
            (statement, ()) for layout in LAYOUTS for statement in sql.create(layout.name, layout)
        ]
        create(path, SCHEMA, [*made, *_first_rows()])
        head_file = HeadFile(path)
        head_file.write(Head(0, ZERO))
        head_file.close()
        _seal(path)
    except sqlite3.Error as error:
        raise explain(error, path) from error
    finally:
        lock.release()
        lock.close()


def _seal(path: Path) -> None:
    raw = RawFile(path)
    try:
        Seal(path, raw).renew((0, 0))
    finally:
        raw.close()


def _must_be_new(path: Path) -> None:
    if path.exists():
        raise StoreError(
            f"There is already a file at {path}; nothing was changed.",
            f"{path} 处已有文件，未做任何更改。",
            path=str(path),
        )
    before = HeadFile(path).read()
    if before is not None and before.position:
        file = HeadFile(path).path
        raise StoreError(
            f"{file.name} tells of a store with {before.position} events that is no longer at {path}. "
            f"Restore it from a backup; to begin anew, remove {file}.",
            f"{file.name} 表明 {path} 处曾有一个包含 {before.position} 个事件的数据存储，现已不在。"
            f"请从备份恢复；若要重新开始，请删除 {file}。",
            path=str(path),
            head=str(file),
        )


def _first_rows() -> list[tuple[str, tuple[Value, ...]]]:
    kept: tuple[dict[str, Any], ...] = (
        {"key": "format", "value": "dealwright-store"},
        {"key": "schema", "value": SCHEMA},
    )
    rows: list[tuple[str, tuple[Value, ...]]] = []
    for doc_id, document in enumerate(kept, start=1):
        body, columns = encode(document), columns_of(META, document, {})
        rows.append((sql.insert(META.name, META.names), (doc_id, body, checksum(doc_id, body, columns), *columns)))
    return rows
