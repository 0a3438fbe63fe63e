"""TinyDB whose tables read lazily and write only the rows that changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager
from typing import Any, cast

from tinydb import TinyDB
from tinydb.queries import QueryInstance, QueryLike
from tinydb.table import Document, Table
from tinydb.utils import LRUCache

from dealwright.store.documents import Row, Value, decode, encode, typed
from dealwright.store.storage import Equal, SQLiteStorage, own_table

_MOST = 1000  # rows of an answer that is kept; a longer one would cost more memory than the next search takes time
_COMPARISONS = frozenset(("==", "!=", "<", "<=", ">", ">=", "exists"))
Fields = Mapping[str, Any] | Callable[[MutableMapping[str, Any]], None]


class RowTable(Table):
    """A TinyDB table on rows. Searches use an index for `where(key) == value` on a column, alone or in an `&`.

    Every write goes to the file. The rows that a search found are kept for the next time it is asked, and dropped as
    soon as anybody, another process too, has written anything; inside a transaction every search reads the file.
    """

    _storage: SQLiteStorage
    _kept_at: tuple[int, ...] | None = None
    _narrow: QueryLike | None = None
    _changes: Changes | None = None

    def insert(self, document: Mapping[str, Any]) -> int:
        """Insert one document and return its id."""
        with self._storage.transaction():
            return super().insert(document)

    def search(self, cond: QueryLike) -> list[Document]:
        """The documents that match, in order of id."""
        moment = self._storage.moment()
        kept = self._kept(cond, moment)
        if kept is None:
            return list(self._found(cond, moment))
        layout = self._storage.layout(self.name)
        return [self._document(decode(layout, row), row.doc_id) for row in kept]

    def count(self, cond: QueryLike) -> int:
        """How many match."""
        moment = self._storage.moment()
        kept = self._kept(cond, moment)
        return sum(1 for _ in self._found(cond, moment)) if kept is None else len(kept)

    def get(self, cond: QueryLike | None = None, doc_id: int | None = None, doc_ids: list[int] | None = None) -> Any:
        """The document with this id, else the list with these ids, else the first that matches; None for no such."""
        if doc_id is None and doc_ids is not None:
            found = (self._one(wanted) for wanted in sorted(set(doc_ids)))
            return [document for document in found if document is not None]
        if doc_id is None and cond is not None:
            return next((document for _, document in self._matching(cond)), None)
        if doc_id is None:
            raise RuntimeError("You have to pass either cond or doc_id or doc_ids")  # as TinyDB says
        return self._one(doc_id)

    def update(self, fields: Fields, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """Update documents that match, or have these ids, or all; returns their ids."""
        self._narrow = cond
        try:
            return super().update(fields, cond, doc_ids)
        finally:
            self._narrow = None

    def upsert(self, document: Mapping[str, Any], cond: QueryLike | None = None) -> list[int]:
        """Update what matches, or else insert, in one transaction; returns the ids."""
        with self._storage.transaction():
            return super().upsert(document, cond)

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """Remove documents that match, or have these ids; returns their ids."""
        self._narrow = cond
        try:
            return super().remove(cond, doc_ids)
        finally:
            self._narrow = None

    def page(self, equal: Equal, limit: int | None = None, offset: int = 0) -> list[dict[str, Any]]:
        """The documents whose columns equal `equal`, in order of id, `limit` of them from `offset` on."""
        layout = self._storage.layout(self.name)
        return [decode(layout, row) for row in self._storage.rows(self.name, equal, limit=limit, offset=offset)]

    def __len__(self) -> int:
        return self._storage.count(self.name)

    def __iter__(self) -> Iterator[Document]:
        for doc_id, document in self._storage.documents(self.name):
            yield self._document(document, doc_id)

    def _document(self, document: Mapping[str, Any], doc_id: int) -> Document:
        return self.document_class(document, self.document_id_class(doc_id))

    def _one(self, doc_id: int) -> Document | None:
        row = self._storage.row(self.name, doc_id)
        return None if row is None else self._document(decode(self._storage.layout(self.name), row), doc_id)

    def _matching(self, cond: QueryLike) -> Iterator[tuple[Row, Document]]:
        layout = self._storage.layout(self.name)
        for row in self._storage.rows(self.name, self._equal(cond)):
            document = decode(layout, row)
            if cond(document):
                yield row, self._document(document, row.doc_id)

    def _kept(self, cond: QueryLike, moment: tuple[int, ...] | None) -> tuple[Row, ...] | None:
        """The rows that this search found before, if nothing was written since."""
        if moment is None:
            return None
        if moment != self._kept_at:
            self.clear_cache()
            self._kept_at = moment
        return self._rows_kept.get(cond) if _is_cacheable(cond) else None

    def _found(self, cond: QueryLike, moment: tuple[int, ...] | None) -> Iterator[Document]:
        """What matches in the file; once all are read, their rows are kept."""
        rows: list[Row] = []
        for row, document in self._matching(cond):
            if len(rows) <= _MOST:
                rows.append(row)
            yield document
        if moment is not None and moment == self._kept_at and len(rows) <= _MOST and _is_cacheable(cond):
            self._rows_kept[cond] = tuple(rows)

    @property
    def _rows_kept(self) -> LRUCache[QueryLike, tuple[Row, ...]]:
        # Rows in place of TinyDB's documents, which a caller may change.
        return cast("LRUCache[QueryLike, tuple[Row, ...]]", self._query_cache)

    def _equal(self, cond: QueryLike | None) -> Equal:
        """The equalities on columns that every match of `cond` fulfils; the condition itself is still asked."""
        found: dict[str, Value] = {}
        by_key = {c.key: c for c in self._storage.layout(self.name).columns if c.key is not None}
        for path, wanted in _equalities(cond):
            column = by_key.get(path)
            value = None if column is None else typed(column, wanted)
            if column is not None and value is not None:
                found[column.name] = value
        return found

    # TinyDB's own methods are written on these three.

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return cast("dict[str, Mapping[str, Any]]", _Rows(self._storage, self.name))

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        if self._storage.layout(self.name).append_only:
            raise own_table(self.name)
        self.clear_cache()
        with self._storage.transaction():
            self._changes = Changes(self._storage, self.name, self._equal(self._narrow))
            try:
                updater(cast("dict[int, Mapping[str, Any]]", self._changes))
                self._changes.write()
            finally:
                self._changes = None

    def _get_next_id(self) -> int:
        pending = self._changes.last_id() if self._changes else 0
        # An id once given is not given again by this table, even if its document was removed since.
        given = cast("int | None", self._next_id) or 1
        following = max(self._storage.last_id(self.name) + 1, pending + 1, given)
        self._next_id = cast("None", following + 1)
        return following


def _equalities(cond: QueryLike | None) -> Iterator[tuple[str, Any]]:
    """(key, value) of each `where(key) == value` that `cond` demands, read from TinyDB's own query hash."""
    if not isinstance(cond, QueryInstance):
        return
    waiting: list[Any] = [cond._hash]
    while waiting:
        match waiting.pop():
            case ("==", (str(key),), value):
                yield key, value
            case ("and", frozenset() as parts):
                waiting.extend(parts)


def _is_cacheable(cond: QueryLike) -> bool:
    """Whether equal queries are sure to give equal answers.

    TinyDB's hash of a query leaves out a pattern's flags, takes a list for a tuple, and a test may look at anything.
    """
    return isinstance(cond, QueryInstance) and cond.is_cacheable() and _is_plain(cond._hash)


def _is_plain(part: Any) -> bool:
    match part:
        case ("and" | "or", frozenset() as parts):
            return all(map(_is_plain, parts))
        case ("not", inner):
            return _is_plain(inner)
        case (str(how), tuple(path), *values) if how in _COMPARISONS:
            return all(isinstance(key, str) for key in path) and all(
                value is None or isinstance(value, str | int | float) for value in values
            )
    return False


class _Rows(Mapping[str, Mapping[str, Any]]):
    """A table as TinyDB's reading methods see it: documents by id as text, read when asked for."""

    def __init__(self, storage: SQLiteStorage, name: str) -> None:
        self._storage = storage
        self._name = name

    def __getitem__(self, key: str) -> Mapping[str, Any]:
        row = self._storage.row(self._name, int(key))
        if row is None:
            raise KeyError(key)
        return decode(self._storage.layout(self._name), row)

    def __iter__(self) -> Iterator[str]:
        return (str(doc_id) for doc_id, _ in self._storage.documents(self._name))

    def __len__(self) -> int:
        return self._storage.count(self._name)


class Changes(MutableMapping[int, dict[str, Any]]):
    """A table as TinyDB's updaters see it: a dict by id that remembers what was touched and writes only that.

    Its keys are those rows that `equal` leaves; a row is still reached by its id.
    """

    def __init__(self, storage: SQLiteStorage, name: str, equal: Equal) -> None:
        self._storage = storage
        self._name = name
        self._equal = equal
        self._before: dict[int, Row] = {}
        self._now: dict[int, dict[str, Any] | None] = {}
        self._cleared = False

    def __contains__(self, doc_id: object) -> bool:
        if doc_id in self._now:
            return self._now[doc_id] is not None
        return isinstance(doc_id, int) and self._load(doc_id)

    def __getitem__(self, doc_id: int) -> dict[str, Any]:
        if doc_id not in self:
            raise KeyError(doc_id)
        return cast("dict[str, Any]", self._now[doc_id])

    def __setitem__(self, doc_id: int, document: dict[str, Any]) -> None:
        if doc_id not in self._now:
            self._load(doc_id)
        self._now[doc_id] = document

    def __delitem__(self, doc_id: int) -> None:
        if doc_id not in self:
            raise KeyError(doc_id)
        self._now[doc_id] = None

    def __iter__(self) -> Iterator[int]:
        if not self._cleared:
            layout = self._storage.layout(self._name)
            for row in self._storage.rows(self._name, self._equal):
                if row.doc_id not in self._now:
                    self._before[row.doc_id] = row
                    self._now[row.doc_id] = decode(layout, row)
        return iter([doc_id for doc_id, document in self._now.items() if document is not None])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def clear(self) -> None:
        """Remove every document without reading any."""
        self._now.clear()
        self._before.clear()
        self._cleared = True

    def last_id(self) -> int:
        """The largest id among the documents touched so far, or 0."""
        return max(self._now, default=0)

    def _load(self, doc_id: int) -> bool:
        row = None if self._cleared else self._storage.row(self._name, doc_id)
        if row is None:
            return False
        self._before[doc_id] = row
        self._now[doc_id] = decode(self._storage.layout(self._name), row)
        return True

    def write(self) -> None:
        """Write what differs from the rows as they were read."""
        if self._cleared:
            self._storage.clear(self._name)
        for doc_id, document in self._now.items():
            before = self._before.get(doc_id)
            if document is None:
                if before is not None:
                    self._storage.delete(self._name, doc_id)
            elif before is None:
                self._storage.insert(self._name, doc_id, document)
            elif (body := encode(document)) != before.body:
                self._storage.update(self._name, doc_id, document, before.columns, body)


class Database(TinyDB):
    """TinyDB on an SQLite file. `with db.transaction():` makes several writes one."""

    table_class = RowTable
    default_storage_class = cast("Any", SQLiteStorage)
    _storage: SQLiteStorage

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside is written, or nothing; nests. Raises StoreError where the lock is not to be had."""
        return self._storage.transaction()

    def rows(self, name: str) -> RowTable:
        """`table(name)`, typed."""
        return cast("RowTable", self.table(name))

    def tables(self) -> set[str]:
        """The names of all tables."""
        return set(self._storage.tables())

    def drop_table(self, name: str) -> None:
        """Remove a table with its documents. Raises StoreError for one of the store's own."""
        self._tables.pop(name, None)
        self._storage.drop(name)

    def drop_tables(self) -> None:
        """Remove every table but the store's own."""
        self._storage.write({})
        self._tables.clear()
