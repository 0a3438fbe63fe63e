"""TinyDB's storage on SQLite rows, one per document. All SQL over tables lives here."""
# ruff: noqa: S608 - the names in statements are layouts' own or encoded by `_free_name`; values are always bound

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tinydb.storages import Storage

from dealwright.errors import StoreError
from dealwright.store.documents import Layout, Row, Value, checked, checksum, columns_of, decode, encode
from dealwright.store.locks import FileLock
from dealwright.store.sqlite_file import connect, explain

_CHUNK = 500  # rows fetched at a time, so that a long read neither fills memory nor blocks checkpoints
_FREE = "doc_"  # prefix of tables that have no declared layout
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
        self._depth = 0
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
            self._run("BEGIN IMMEDIATE")
            self._depth = 1
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
        finally:
            self._lock.release()

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

    # -- rows

    def insert(self, table: str, doc_id: int, document: Mapping[str, Any]) -> None:
        """Write a new row. Raises UnstorableError, StoreError."""
        self.insert_row(table, doc_id, encode(document), columns_of(self.layout(table), document, {}))

    def insert_row(self, table: str, doc_id: int, body: bytes, columns: tuple[Value, ...]) -> None:
        """Write a new row whose body and columns are made already."""
        self._make(table)
        self._run(*insert_statement(self.layout(table), table in self._layouts, doc_id, body, columns))

    def update(
        self, table: str, doc_id: int, document: Mapping[str, Any], before: tuple[Value, ...], body: bytes | None = None
    ) -> None:
        """Rewrite a row whose columns were `before`; only those that differ are touched, and so only their indexes."""
        layout = self.layout(table)
        content = encode(document) if body is None else body
        given = dict(zip(layout.names, before, strict=True))
        columns = columns_of(layout, document, given)
        changed = [(name, new) for name, old, new in zip(layout.names, before, columns, strict=True) if old != new]
        sets = "".join(f', "{name}" = ?' for name, _ in changed)
        self._run(
            f"UPDATE {_sql(layout, self._layouts)} SET body = ?, crc = ?{sets} WHERE doc_id = ?",
            (content, checksum(doc_id, content, columns), *(value for _, value in changed), doc_id),
        )

    def delete(self, table: str, doc_ids: Iterable[int]) -> None:
        """Remove rows by id."""
        for doc_id in doc_ids:
            self._run(f"DELETE FROM {_sql(self.layout(table), self._layouts)} WHERE doc_id = ?", (doc_id,))

    def clear(self, table: str) -> None:
        """Remove every row; the table stays, empty."""
        self._make(table)
        self._run(f"DELETE FROM {_sql(self.layout(table), self._layouts)}")

    def row(self, table: str, doc_id: int) -> Row | None:
        """One row by id, checked, or None."""
        return next(self._select(table, "doc_id = ?", (doc_id,), "LIMIT 1"), None)

    def rows(
        self, table: str, equal: Equal | None = None, *, limit: int | None = None, offset: int = 0, raw: bool = False
    ) -> Iterator[Row]:
        """Checked rows in order of id whose columns equal `equal`. `raw` leaves the check to the caller."""
        where, values = _equals(equal)
        if limit is not None or offset:
            page = f"ORDER BY doc_id LIMIT {-1 if limit is None else int(limit)} OFFSET {int(offset)}"
            yield from self._select(table, where, values, page)
            return
        last: int | None = None
        while True:
            more = where if last is None else f"{where} AND doc_id > ?"
            chunk = list(
                self._select(
                    table, more, values if last is None else (*values, last), f"ORDER BY doc_id LIMIT {_CHUNK}", raw
                )
            )
            yield from chunk
            if len(chunk) < _CHUNK:
                return
            last = chunk[-1].doc_id

    def documents(self, table: str, equal: Equal | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
        """(doc_id, document) in order of id."""
        layout = self.layout(table)
        for row in self.rows(table, equal):
            yield row.doc_id, decode(layout, row)

    def columns(
        self, table: str, names: Sequence[str], equal: Equal | None = None, *, order: str = "doc_id", last: bool = False
    ) -> list[tuple[Any, ...]]:
        """Columns alone, unchecked, by `order` (comma-separated columns); with `last` only the last by it."""
        where, values = _equals(equal)
        by = ", ".join(f'"{name.strip()}"' + (" DESC" if last else "") for name in order.split(","))
        if not self._exists(table):
            return []
        picked = ", ".join(f'"{name}"' for name in names)
        return self._run(
            f"SELECT {picked} FROM {_sql(self.layout(table), self._layouts)} WHERE {where} ORDER BY {by}"
            + (" LIMIT 1" if last else ""),
            values,
        )

    def count(self, table: str, equal: Equal | None = None) -> int:
        """How many rows there are whose columns equal `equal`."""
        if not self._exists(table):
            return 0
        where, values = _equals(equal)
        sql = f"SELECT count(*) FROM {_sql(self.layout(table), self._layouts)} WHERE {where}"
        return int(self._run(sql, values)[0][0])

    def last_id(self, table: str) -> int:
        """The largest id in use, or 0."""
        if not self._exists(table):
            return 0
        return int(self._run(f"SELECT max(doc_id) FROM {_sql(self.layout(table), self._layouts)}")[0][0] or 0)

    def _select(self, table: str, where: str, values: tuple[Value, ...], tail: str, raw: bool = False) -> Iterator[Row]:
        if not self._exists(table):
            return
        layout = self.layout(table)
        names = "".join(f', "{name}"' for name in layout.names)
        sql = f"SELECT doc_id, body, crc{names} FROM {_sql(layout, self._layouts)} WHERE {where} {tail}"
        if raw:
            self._connection.text_factory = _forgiving
        try:
            found = self._run(sql, values)
        finally:
            self._connection.text_factory = str
        for doc_id, body, crc, *columns in found:
            row = Row(doc_id, body, tuple(columns), crc)
            yield row if raw else checked(layout, row)

    # -- tables

    def tables(self) -> list[str]:
        """The names of all tables that exist."""
        found = [row[0] for row in self._run("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return [_plain(name) for name in found if name in self._layouts or name.startswith(_FREE)]

    def drop(self, table: str) -> None:
        """Remove a table of plain documents. Raises StoreError for one of the store's own."""
        if table in self._layouts:
            raise own_table(table)
        with self.transaction():
            self._run(f"DROP TABLE IF EXISTS {_sql(Layout(table), self._layouts)}")

    def _make(self, table: str) -> None:
        if not self._exists(table):
            self._run(create_statements(Layout(table), own=False)[0])

    def _exists(self, table: str) -> bool:
        if table in self._layouts:
            return True
        name = _free_name(table)
        return bool(self._run("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)))

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

    def integrity(self) -> list[str]:
        """What SQLite's own full check finds wrong."""
        return [row[0] for row in self._run("PRAGMA integrity_check") if row[0] != "ok"]

    def close(self) -> None:
        """Close the file; a transaction under way is taken back."""
        self._connection.close()
        self._lock.close()

    def _run(self, sql: str, values: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise explain(error, self.path) from error


def _forgiving(text: bytes) -> str:
    """Text whose bytes may be damaged: whoever checks rows must get to see them."""
    return text.decode(errors="surrogateescape")


def _nothing() -> None:
    """No hook."""


def own_table(table: str) -> StoreError:
    """The error of a write that only the engine may do."""
    return StoreError(
        f"The table {table} belongs to the store itself and is written by the engine alone.",
        f"{table} 表属于数据存储本身，只能由引擎写入。",
        table=table,
    )


def _equals(equal: Equal | None) -> tuple[str, tuple[Value, ...]]:
    if not equal:
        return "1", ()
    return " AND ".join(f'"{name}" = ?' for name in equal), tuple(equal.values())


def _free_name(table: str) -> str:
    """A name that SQLite, which folds case, keeps apart from every other table's."""
    kept = "".join(
        c if c == "_" or (c.isascii() and (c.islower() or c.isdigit())) else f"%{c.encode().hex()}%" for c in table
    )
    return _FREE + kept


def _plain(name: str) -> str:
    if not name.startswith(_FREE):
        return name
    parts = name.removeprefix(_FREE).split("%")
    return "".join(bytes.fromhex(part).decode() if i % 2 else part for i, part in enumerate(parts))


def _sql(layout: Layout, own: Mapping[str, Layout]) -> str:
    return f'"{layout.name if layout.name in own else _free_name(layout.name)}"'


def create_statements(layout: Layout, *, own: bool = True) -> list[str]:
    """The statements that make a table with its indexes and, for an append-only one, its triggers."""
    name = layout.name if own else _free_name(layout.name)
    columns = "".join(f', "{column.name}" {column.kind}' for column in layout.columns)
    made = [f'CREATE TABLE "{name}" (doc_id INTEGER PRIMARY KEY, body BLOB NOT NULL, crc INTEGER NOT NULL{columns})']
    for kind, indexes in (("UNIQUE INDEX", layout.unique), ("INDEX", layout.indexes), ("INDEX", layout.partial)):
        for index in indexes:
            over = ", ".join(f'"{column}"' for column in index)
            rest = f' WHERE "{index[0]}" IS NOT NULL' if index in layout.partial else ""
            made.append(f'CREATE {kind} "{name}_by_{index[0]}" ON "{name}" ({over}){rest}')
    if layout.append_only:
        made.extend(
            f'CREATE TRIGGER "{name}_no_{verb.lower()}" BEFORE {verb} ON "{name}" '
            f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        )
    return made


def insert_statement(
    layout: Layout, own: bool, doc_id: int, body: bytes, columns: tuple[Value, ...]
) -> tuple[str, tuple[Any, ...]]:
    """The statement that writes a row, with its values."""
    names = ", ".join(["doc_id", "body", "crc", *(f'"{name}"' for name in layout.names)])
    marks = ", ".join("?" * (3 + len(columns)))
    table = layout.name if own else _free_name(layout.name)
    return f'INSERT INTO "{table}" ({names}) VALUES ({marks})', (
        doc_id,
        body,
        checksum(doc_id, body, columns),
        *columns,
    )
