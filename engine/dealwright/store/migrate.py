"""Bringing a store of an earlier release to the tables of this one, a step for each schema version."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from dealwright.errors import StoreError
from dealwright.model.canonical import ZERO
from dealwright.store import sql
from dealwright.store.backup import BESIDE, check_copy, clear
from dealwright.store.documents import Row, Value, checksum, columns_of, intact
from dealwright.store.layouts import EVENTS, LAYOUTS, MOVES, SCHEMA, fact_of
from dealwright.store.locks import FileLock
from dealwright.store.records import event_hash, next_head
from dealwright.store.sqlite_file import FAULTS, connect, explain

Progress = Callable[[int, int], None]
Step = Callable[[sqlite3.Connection, Progress], None]
_OLD = "migrating_"  # what a table is called while its rows are carried over
_OFTEN = 500  # rows between two reports of progress


class Migrated(NamedTuple):
    """From which schema to which; the backup that was made first, None where there was nothing to do."""

    before: int
    after: int
    backup: Path | None


def schema_of(path: Path) -> int:
    """The schema version of the store at `path`, of whatever release. Raises StoreError where it is no store."""
    connection = connect(path, None)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def migrate(path: Path, progress: Progress | None = None, timeout: float = 10.0) -> Migrated:
    """Bring the store to this release's schema: a backup first, then every step in one transaction.

    Interrupted, it left the store as it was and can be run again. Raises StoreError for a store
    that a later release wrote, and for one so old that no step leads on from it.
    """
    report = progress or (lambda _done, _total: None)
    lock = FileLock(path.with_name(path.name + ".lock"), timeout)
    lock.acquire()
    try:
        before = schema_of(path)
        if before == SCHEMA:
            return Migrated(before, SCHEMA, None)
        steps = _steps_from(before, path)
        connection = connect(path, None)
        try:
            backup = _backup(connection, path, before)
            _run(connection, steps, report)
        except FAULTS as error:
            raise explain(error, path) from error
        finally:
            connection.close()
        for suffix in BESIDE[2:]:
            # They speak of the old file; what lies beside the backup tells the old head.
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    finally:
        lock.release()
        lock.close()
    check_copy(path)
    return Migrated(before, SCHEMA, backup)


def _steps_from(before: int, path: Path) -> list[Step]:
    if before > SCHEMA:
        raise StoreError(
            f"The store at {path} was written by a later dealwright (schema {before}; this one knows {SCHEMA}). "
            "Use that one.",
            f"{path} 由更新版本的 dealwright 写入（版本 {before}，当前支持 {SCHEMA}）。请使用该版本。",
            path=str(path), schema=before,
        )  # fmt: skip
    try:
        return [STEPS[version] for version in range(before, SCHEMA)]
    except KeyError as error:
        raise StoreError(
            f"There is no way from schema {before} of {path} to {SCHEMA}. Export it with the dealwright that wrote it, "
            "and import that file.",
            f"无法将 {path} 从版本 {before} 升级到 {SCHEMA}。请用写入它的 dealwright 导出，再导入该文件。",
            path=str(path), schema=before,
        ) from error  # fmt: skip


def _backup(connection: sqlite3.Connection, path: Path, before: int) -> Path:
    """The store as it was, beside itself; made anew by each try, as nothing can have changed in between."""
    backup = path.with_name(f"{path.name}.schema-{before}")
    draft = backup.with_name(backup.name + ".part")
    clear(draft)
    made = sqlite3.connect(draft, isolation_level=None)
    try:
        connection.backup(made)
        (found,) = made.execute("PRAGMA integrity_check").fetchone()
    finally:
        made.close()
    if found != "ok":
        raise StoreError(
            f"The store at {path} is damaged ({found}); mend it before it is migrated.",
            f"{path} 处的数据存储已损坏（{found}），请先修复再升级。", path=str(path),
        )  # fmt: skip
    draft.replace(backup)
    return backup


def _run(connection: sqlite3.Connection, steps: list[Step], progress: Progress) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in steps:
            step(connection, progress)
        connection.execute(f"PRAGMA user_version={SCHEMA}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def rebuild(connection: sqlite3.Connection, progress: Progress) -> None:
    """Make every table of the store anew from its documents.

    Whatever columns it had: all but the log's hashes and heads can be had from the documents, and those from
    the bytes of the events. The step from schema 0, whose tables had no columns for moves; later
    steps that only add or drop columns can use it too.
    """
    total = sum(connection.execute(f'SELECT count(*) FROM "{layout.name}"').fetchone()[0] for layout in LAYOUTS)  # noqa: S608
    done = 0
    processes: dict[str, str] = {}
    # Definitions first: they tell the process of a move.
    for layout in sorted(LAYOUTS, key=lambda one: one.name != "definitions"):
        old = _OLD + layout.name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL",
            (layout.name,),
        ).fetchall():
            connection.execute(f'DROP {_kind(connection, name)} "{name}"')
        connection.execute(f'ALTER TABLE "{layout.name}" RENAME TO "{old}"')
        for statement in sql.create(layout.name, layout):
            connection.execute(statement)
        insert = sql.insert(layout.name, layout.names)
        head = ZERO
        for doc_id, body, crc, *columns_before in connection.execute(f'SELECT * FROM "{old}" ORDER BY doc_id'):  # noqa: S608
            if not intact(Row(doc_id, body, tuple(columns_before), crc)):
                raise _damaged(layout.name, doc_id)
            document = msgspec.json.decode(body)
            given: dict[str, Value] = {}
            if layout is EVENTS:
                given = _given(body, document, head, processes)
                head = str(given["head"])
            elif layout.name == "definitions":
                processes[document["definition_hash"]] = document["document"]["id"]
            columns = columns_of(layout, document, given)
            connection.execute(insert, (doc_id, body, checksum(doc_id, body, columns), *columns))
            done += 1
            if done % _OFTEN == 0 or done == total:
                progress(done, total)
        connection.execute(sql.drop(old))


def _damaged(table: str, doc_id: int) -> StoreError:
    """Carried over as it is, a damaged row would look whole."""
    return StoreError(
        f"Row {doc_id} of {table} is damaged. Run `store verify` and mend it with the dealwright that wrote it, "
        "or restore a backup. Nothing was changed.",
        f"{table} 表第 {doc_id} 行已损坏。请用写入它的 dealwright 运行 `store verify` 并修复，或恢复备份。"
        "未做任何更改。",
        table=table, row=doc_id,
    )  # fmt: skip


def _given(body: bytes, document: dict[str, Any], head: str, processes: dict[str, str]) -> dict[str, Value]:
    """The columns of an event that are not in its document."""
    own = event_hash(body)
    move_of = processes.get(document["definition_hash"]) if fact_of(document) in MOVES else None
    return {"hash": own, "head": next_head(head, own), "move_of": move_of}


def _kind(connection: sqlite3.Connection, name: str) -> str:
    (kind,) = connection.execute("SELECT type FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    return str(kind).upper()


STEPS: dict[int, Step] = {0: rebuild}
