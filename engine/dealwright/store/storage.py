"""TinyDB's storage on SQLite rows, one per document."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tinydb.storages import Storage

from dealwright.errors import StoreError
from dealwright.store import sql
from dealwright.store.documents import Layout, Row, Value, checked, checksum, columns_of, decode, encode
from dealwright.store.locks import FileLock
from dealwright.store.sealing import SealedFile
from dealwright.store.sqlite_file import BUSY, FAULTS, connect, explain

_CHUNK = 500  # rows fetched at a time, so that a long read neither fills memory nor blocks checkpoints
_PATIENCE = 1000  # milliseconds that emptying the journal waits for readers
Equal = Mapping[str, Value]


class SQLiteStorage(Storage):
    """Rows in an SQLite file, behind TinyDB's `Storage`.

    `layouts` are the tables with columns; any other name gives a table of plain documents,
    made at its first write. Each outermost write transaction runs `on_begin` before and
    `on_ending` after anything else inside it, and `on_commit` after its commit while the lock is still held.
    """

    def __init__(self, path: Path | str, layouts: Sequence[Layout] = (), schema: int = 1, timeout: float = 10.0):
        self.path = Path(path)
        self._layouts = {layout.name: layout for layout in layouts}
        self._lock = FileLock(self.path.with_name(self.path.name + ".lock"), timeout)
        self._connection = connect(self.path, schema)
        self._opened = _identity(self.path)
        self._file = SealedFile(self.path, self._connection, self._lock)
        self._closed = False
        self._depth = 0
        self.changed = False  # whether the write transaction under way has written anything
        self.on_begin: Callable[[], None] = _nothing
        self.on_ending: Callable[[], None] = _nothing
        self.on_commit: Callable[[], None] = _nothing

    def layout(self, table: str) -> Layout:
        """The table's layout; one without columns where none was declared."""
        return self._layouts.get(table) or Layout(table)

    # -- transactions

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is written, or nothing. Nests; an inner one that fails takes back its own part only."""
        if self._depth:
            with self._savepoint():
                yield
            return
        self._lock.acquire()
        try:
            self._must_be_there()
            self._run("BEGIN IMMEDIATE")
            self._depth = 1
            self.changed = False
            try:
                self.on_begin()
                yield
                self.on_ending()
                self._run("COMMIT")
            except BaseException:
                self._take_back("ROLLBACK")
                raise
            finally:
                self._depth = 0
            self.on_commit()
            self._file.written()
        finally:
            self._lock.release()

    def _must_be_there(self) -> None:
        """A file that was replaced or deleted while it was open would take the write, and nobody would ever read it."""
        try:
            same = _identity(self.path) == self._opened
        except OSError:
            same = False
        if not same:
            raise StoreError(
                f"The store at {self.path} was replaced or removed while it was open. Nothing was written: try again.",
                f"{self.path} 处的数据存储在打开后被替换或删除。未写入任何内容，请重试。",
                path=str(self.path),
            )

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        name = f"level_{self._depth}"
        self._run(f"SAVEPOINT {name}")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._take_back(f"ROLLBACK TO {name}")
            self._take_back(f"RELEASE {name}")
            raise
        else:
            self._run(f"RELEASE {name}")
        finally:
            self._depth -= 1

    def _take_back(self, statement: str) -> None:
        # SQLite ends the transaction by itself on a full disk or an I/O error.
        if self._connection.in_transaction:
            self._run(statement)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment, whatever others write meanwhile."""
        if self._connection.in_transaction:
            yield
            return
        self._run("BEGIN DEFERRED")
        try:
            yield
        finally:
            self._take_back("ROLLBACK")

    def moment(self) -> tuple[int, ...] | None:
        """What differs after anybody's write, whatever it wrote; None inside a transaction, which may be taken back."""
        if self._connection.in_transaction:
            return None
        others, tables = self._run("PRAGMA data_version")[0][0], self._run("PRAGMA schema_version")[0][0]
        return others, tables, self._connection.total_changes

    # -- rows

    def insert(self, table: str, doc_id: int, document: Mapping[str, Any]) -> None:
        """Write a new row. Raises UnstorableError, StoreError."""
        self.insert_row(table, doc_id, encode(document), columns_of(self.layout(table), document, {}))

    def insert_row(self, table: str, doc_id: int, body: bytes, columns: tuple[Value, ...]) -> None:
        """Write a new row whose body and columns are made already."""
        self._make(table)
        values = (doc_id, body, checksum(doc_id, body, columns), *columns)
        self.changed = True
        self._run(sql.insert(self._name(table), self.layout(table).names), values)

    def insert_rows(self, table: str, rows: Sequence[tuple[int, bytes, tuple[Value, ...]]]) -> None:
        """Write new rows of one of the store's own tables: (doc_id, body, columns) of each."""
        self.changed = True
        values = ((doc_id, body, checksum(doc_id, body, columns), *columns) for doc_id, body, columns in rows)
        try:
            self._connection.executemany(sql.insert(table, self.layout(table).names), values)
        except FAULTS as error:
            raise explain(error, self.path) from error

    def update(
        self, table: str, doc_id: int, document: Mapping[str, Any], before: tuple[Value, ...], body: bytes | None = None
    ) -> None:
        """Rewrite a row whose columns were `before`; only those that differ are touched, and so only their indexes."""
        layout = self.layout(table)
        content = encode(document) if body is None else body
        columns = columns_of(layout, document, dict(zip(layout.names, before, strict=True)))
        self.changed = True
        changed = [(name, new) for name, old, new in zip(layout.names, before, columns, strict=True) if old != new]
        self._run(
            sql.update(self._name(table), tuple([name for name, _ in changed])),
            (content, checksum(doc_id, content, columns), *[value for _, value in changed], doc_id),
        )

    def delete(self, table: str, doc_id: int) -> None:
        """Remove a row."""
        self.changed = True
        self._run(sql.delete(self._name(table), True), (doc_id,))

    def clear(self, table: str) -> None:
        """Remove every row; the table stays, empty."""
        self._make(table)
        self.changed = True
        self._run(sql.delete(self._name(table), False))

    def row(self, table: str, doc_id: int) -> Row | None:
        """One row by id, checked, or None."""
        return next(self._rows(table, {"doc_id": doc_id}, None, 1), None)

    def rows(
        self, table: str, equal: Equal | None = None, *, limit: int | None = None, offset: int = 0, raw: bool = False,
        after: int | None = None,
    ) -> Iterator[Row]:  # fmt: skip
        """Checked rows in order of id whose columns equal `equal`. `raw` leaves the check to the caller.

        Of those `after` an id, where there is neither limit nor offset.
        """
        if limit is not None or offset:
            yield from self._rows(table, equal, None, -1 if limit is None else limit, offset)
            return
        last = after
        while True:
            chunk = list(self._rows(table, equal, last, _CHUNK, raw=raw))
            yield from chunk
            if len(chunk) < _CHUNK:
                return
            last = chunk[-1].doc_id

    def _rows(
        self, table: str, equal: Equal | None, after: int | None, limit: int, offset: int = 0, *, raw: bool = False
    ) -> Iterator[Row]:
        if not self._exists(table):
            return
        layout = self.layout(table)
        wanted = equal or {}
        values = [*wanted.values(), *([] if after is None else [after]), limit, *([offset] if offset else [])]
        statement = sql.rows(self._name(table), layout.names, tuple(wanted), after is not None, bool(offset))
        if raw:
            self._connection.text_factory = forgiving
        try:
            found = self._run(statement, values)
        finally:
            self._connection.text_factory = str
        for doc_id, body, crc, *columns in found:
            row = Row(doc_id, body, tuple(columns), crc)
            yield row if raw else checked(layout, row)

    def documents(self, table: str, equal: Equal | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
        """(doc_id, document) in order of id."""
        layout = self.layout(table)
        for row in self.rows(table, equal):
            yield row.doc_id, decode(layout, row)

    def columns(
        self,
        table: str,
        names: tuple[str, ...],
        equal: Equal | None = None,
        *,
        order: tuple[str, ...] = ("doc_id",),
        last: bool = False,
    ) -> list[tuple[Any, ...]]:
        """Columns alone, unchecked, by the columns in `order`; with `last` only the last by it."""
        if not self._exists(table):
            return []
        wanted = equal or {}
        return self._run(sql.columns(self._name(table), names, tuple(wanted), order, last), tuple(wanted.values()))

    def stream(
        self, table: str, names: tuple[str, ...], equal: Equal, order: tuple[str, ...]
    ) -> Iterator[tuple[Any, ...]]:
        """What `columns` gives of one of the store's own tables, a few at a time."""
        try:
            found = self._connection.execute(
                sql.columns(table, names, tuple(equal), order, False), tuple(equal.values())
            )
            while chunk := found.fetchmany(_CHUNK):
                yield from chunk
        except FAULTS as error:
            raise explain(error, self.path) from error

    def containing(self, table: str, names: tuple[str, ...], part: bytes) -> list[tuple[Any, ...]]:
        """Columns, unchecked, of the rows of one of the store's own tables whose body contains `part`."""
        return self._run(sql.containing(table, names), (part,))

    def count(self, table: str, equal: Equal | None = None) -> int:
        """How many rows there are whose columns equal `equal`."""
        if not self._exists(table):
            return 0
        wanted = equal or {}
        return int(self._run(sql.count(self._name(table), tuple(wanted)), tuple(wanted.values()))[0][0])

    def last_id(self, table: str) -> int:
        """The largest id in use, or 0."""
        return int(self._run(sql.last_id(self._name(table)))[0][0] or 0) if self._exists(table) else 0

    # -- tables

    def tables(self) -> list[str]:
        """The names of all tables that exist."""
        found = [name for (name,) in self._run(sql.TABLES)]
        free = [plain for plain in map(sql.plain_name, found) if plain is not None]
        return [name for name in found if name in self._layouts] + free

    def drop(self, table: str) -> None:
        """Remove a table of plain documents. Raises StoreError for one of the store's own."""
        if table in self._layouts:
            raise own_table(table)
        with self.transaction():
            self.changed = True
            self._run(sql.drop(self._name(table)))

    def _name(self, table: str) -> str:
        return table if table in self._layouts else sql.table_name(table)

    def _make(self, table: str) -> None:
        if not self._exists(table):
            self._run(sql.create(self._name(table), self.layout(table))[0])

    def _exists(self, table: str) -> bool:
        return table in self._layouts or bool(self._run(sql.EXISTS, (self._name(table),)))

    def read(self) -> dict[str, dict[str, Any]] | None:
        """Every document of every table, as TinyDB knows them; None where there is no table."""
        with self.snapshot():
            return {name: {str(doc_id): doc for doc_id, doc in self.documents(name)} for name in self.tables()} or None

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Replace all tables of plain documents by `data`. Raises StoreError where it names one of the store's own."""
        for name in self._layouts:
            if name in data:
                raise own_table(name)
        with self.transaction():
            for name in self.tables():
                if name not in data and name not in self._layouts:
                    self.drop(name)
            for name, documents in data.items():
                self.clear(name)
                for doc_id, document in documents.items():
                    self.insert(name, int(doc_id), document)

    # -- the file

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other process writes while this lasts; for work on the file as a whole."""
        if self._depth:
            yield  # the transaction under way has the lock, and is to keep it
            return
        self._lock.acquire()
        try:
            yield
        finally:
            self._lock.release()

    def checkpoint(self) -> bool:
        """Fold the journal into the file and empty it; False where a reader still needs it, after a second's wait."""
        self._run(f"PRAGMA busy_timeout={_PATIENCE}")
        try:
            return self._file.fold("TRUNCATE")
        except FAULTS:
            return False
        finally:
            self._run(f"PRAGMA busy_timeout={int(BUSY * 1000)}")

    def copy_into(self, target: sqlite3.Connection, pages: int, progress: Callable[[int, int], None]) -> None:
        """Copy the file, so many pages at a time; `progress` gets those done and all of them. Raises sqlite3.Error."""
        self._connection.backup(target, pages=pages, progress=lambda _, left, total: progress(total - left, total))

    def vacuum(self) -> None:
        """Rewrite the file without gaps. Readers go on; call it when no other process writes."""
        self._file.unseal()
        self._run("VACUUM")

    def content(self, at: int, count: int) -> bytes:
        """Bytes of the file from an offset on; none past its end. Raises OSError."""
        return self._file.content(at, count)

    def changed_pages(self) -> list[int]:
        """The pages of the file that are not as they were sealed. Raises SealError, StoreError."""
        try:
            return self._file.changed_pages()
        except (OSError, ValueError, *FAULTS) as error:
            raise explain(error, self.path) from error

    def page_owners(self) -> dict[int, str]:
        """Page -> the table or index it belongs to, as far as SQLite was built to tell and still can."""
        with suppress(StoreError):
            return dict(self._run(sql.PAGE_OWNERS))
        return {}

    def integrity(self) -> list[str]:
        """What SQLite's own full check finds wrong."""
        return [row[0] for row in self._run("PRAGMA integrity_check") if row[0] != "ok"]

    def missing_schema(self) -> list[str]:
        """The statements of the store's own tables, indexes and triggers that the file no longer has as made."""
        found = {text for (text,) in self._run(sql.SCHEMA)}
        wanted = [made for layout in self._layouts.values() for made in sql.create(layout.name, layout)]
        return [statement for statement in wanted if statement not in found]

    def close(self) -> None:
        """Close the file; a transaction under way is taken back."""
        if self._closed:
            return
        self._closed = True
        self._file.close()
        self._lock.close()

    @property
    def writing(self) -> bool:
        """True inside a transaction of this storage."""
        return self._depth > 0

    def ask(self, statement: str, values: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        """What a statement of the store's own modules gives. Raises StoreError."""
        return self._run(statement, values)

    def _run(self, sql: str, values: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except FAULTS as error:
            raise explain(error, self.path) from error


def forgiving(text: bytes) -> str:
    """Text whose bytes may be damaged: whoever checks rows must get to see them."""
    return text.decode(errors="surrogateescape")


def _identity(path: Path) -> tuple[int, int]:
    """Which file it is, whatever it is called."""
    seen = path.stat()
    return seen.st_dev, seen.st_ino


def _nothing() -> None:
    """No hook."""


def own_table(table: str) -> StoreError:
    """The error of a write that only the engine may do."""
    return StoreError(
        f"The table {table} belongs to the store itself and is written by the engine alone.",
        f"{table} 表属于数据存储本身，只能由引擎写入。",
        table=table,
    )
