"""Documents and the rows that keep them: the JSON body, real columns beside it, one CRC over both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple
from zlib import crc32

import msgspec

from dealwright.errors import StoreError, UsageError
from dealwright.model.canonical import canonical

_ENCODE = msgspec.json.Encoder().encode
_DECODE = msgspec.json.Decoder().decode

Value = str | int | float | bytes | None
_LARGEST = 2**63 - 1  # what an SQLite integer holds


class UnstorableError(UsageError, ValueError, TypeError):
    """A document that would not read back as it was written: NaN, a key that is no text, a lone surrogate.

    Stock TinyDB raises ValueError for some of these and TypeError for others; whoever catches either goes on working.
    """


class Column(NamedTuple):
    """A real column beside a document's body.

    With `key` it repeats that key of the document, and an equality query on the key uses it.
    With `derive` it is computed from the document. With neither its value is given with the
    row and kept nowhere else; `shown` puts it among the keys of documents that are read.
    """

    name: str
    kind: Literal["TEXT", "INTEGER"] = "TEXT"
    key: str | None = None
    derive: Callable[[Mapping[str, Any]], Value] | None = None
    shown: bool = False

    @property
    def given(self) -> bool:
        """True where the value cannot be had from the document."""
        return self.key is None and self.derive is None


class Layout:
    """How a table keeps its rows. A table without a declared layout has no columns.

    `partial` are indexes over those rows whose first column is not null; `names` are the columns' names in order.
    """

    __slots__ = ("append_only", "columns", "indexes", "name", "names", "partial", "unique")

    def __init__(
        self,
        name: str,
        columns: tuple[Column, ...] = (),
        indexes: tuple[tuple[str, ...], ...] = (),
        unique: tuple[tuple[str, ...], ...] = (),
        partial: tuple[tuple[str, ...], ...] = (),
        append_only: bool = False,
    ) -> None:
        self.name = name
        self.columns = columns
        self.indexes = indexes
        self.unique = unique
        self.partial = partial
        self.append_only = append_only
        self.names = tuple(column.name for column in columns)


class Row(NamedTuple):
    """One row as it stands: `columns` in the layout's order, `crc` as it was stored."""

    doc_id: int
    body: bytes
    columns: tuple[Value, ...]
    crc: int


def encode(document: Mapping[str, Any]) -> bytes:
    """The JSON body of `document`, which reads back equal to it (a tuple as a list).

    Raises UnstorableError otherwise: for NaN and infinity, for keys that are no text and for types JSON lacks.
    """
    try:
        body = _ENCODE(dict(document))
        read = _DECODE(body)
        same = read == document or _survives(document, read)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise _unstorable(str(error)) from error
    if not same:
        raise _unstorable("a value that JSON cannot hold")
    return body


def _unstorable(what: str) -> UnstorableError:
    return UnstorableError(f"This document cannot be stored: {what}.", f"该文档无法保存：{what}。")


def _survives(before: Any, after: Any) -> bool:
    """Whether `after` equals `before`, a list counting as the tuple it was made from."""
    if isinstance(before, Mapping):
        return len(before) == len(after) and all(k in after and _survives(v, after[k]) for k, v in before.items())
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(_survives, before, after))
    return bool(before == after)


def decode(layout: Layout, row: Row) -> dict[str, Any]:
    """The document of a row whose CRC was checked, with its shown columns."""
    document: dict[str, Any] = _DECODE(row.body)
    for column, value in zip(layout.columns, row.columns, strict=True):
        if column.shown:
            document[column.name] = value
    return document


def typed(column: Column, value: Any) -> Value:
    """`value` where the column can hold it, else None: then equality queries still find nothing wrong."""
    if column.kind == "TEXT":
        return value if isinstance(value, str) else None
    # SQLite would turn 1.0 into 1 behind the CRC's back; both are equal in Python, so 1 is kept for both.
    if isinstance(value, int | float) and -_LARGEST <= value <= _LARGEST and int(value) == value:
        return int(value)
    return None


def columns_of(layout: Layout, document: Mapping[str, Any], given: Mapping[str, Value]) -> tuple[Value, ...]:
    """The values of a document's columns in the layout's order."""
    values: list[Value] = []
    for column in layout.columns:
        if column.key is not None:
            values.append(typed(column, document.get(column.key)))
        elif column.derive is not None:
            values.append(column.derive(document))
        else:
            values.append(given.get(column.name))
    return tuple(values)


def checksum(doc_id: int, body: bytes, columns: tuple[Value, ...]) -> int:
    """The CRC-32 over a row's id, columns and body."""
    return crc32(body, crc32(canonical([doc_id, *columns])))


def checked(layout: Layout, row: Row) -> Row:
    """The row itself. Raises StoreError where its bytes are no longer those that were written."""
    if not intact(row):
        raise StoreError(
            f"Row {row.doc_id} of {layout.name} in the store is damaged. "
            "Run `dealwright store verify`, then restore a backup.",
            f"数据存储中 {layout.name} 表的第 {row.doc_id} 行已损坏。请运行 `dealwright store verify`，然后恢复备份。",
            table=layout.name,
            row=row.doc_id,
        )
    return row


def intact(row: Row) -> bool:
    """True where the row's CRC fits its contents, whatever those have become."""
    try:
        return checksum(row.doc_id, row.body, row.columns) == row.crc
    except (TypeError, ValueError):
        return False  # the body is no longer bytes, or a column no longer text
