"""The text of every statement that the storage runs on its tables. Values are always bound, never written in."""
# ruff: noqa: S608 - names in statements are layouts' own or encoded by `table_name`

from __future__ import annotations

from functools import cache

from dealwright.store.documents import Layout

_FREE = "doc_"  # prefix of tables that have no declared layout
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
SCHEMA = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
PAGE_OWNERS = "SELECT pageno, name FROM dbstat"
EXISTS = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"


@cache
def table_name(table: str) -> str:
    """The SQLite name of a table without a layout: SQLite folds case, so all but lower-case letters are encoded."""
    return _FREE + "".join(c if c in _PLAIN else f"%{c.encode().hex()}%" for c in table)


def plain_name(name: str) -> str | None:
    """The inverse of `table_name`; None for another table."""
    if not name.startswith(_FREE):
        return None
    parts = name.removeprefix(_FREE).split("%")
    return "".join(bytes.fromhex(part).decode() if i % 2 else part for i, part in enumerate(parts))


def create(name: str, layout: Layout) -> list[str]:
    """What makes a table with its indexes and, for an append-only one, the triggers that keep it so."""
    columns = "".join(f', "{column.name}" {column.kind}' for column in layout.columns)
    made = [f'CREATE TABLE "{name}" (doc_id INTEGER PRIMARY KEY, body BLOB NOT NULL, crc INTEGER NOT NULL{columns})']
    for kind, indexes in (("UNIQUE INDEX", layout.unique), ("INDEX", layout.indexes), ("INDEX", layout.partial)):
        for index in indexes:
            rest = f' WHERE "{index[0]}" IS NOT NULL' if index in layout.partial else ""
            made.append(f'CREATE {kind} "{name}_by_{index[0]}" ON "{name}" ({_names(index)}){rest}')
    if layout.append_only:
        made.extend(
            f'CREATE TRIGGER "{name}_no_{verb.lower()}" BEFORE {verb} ON "{name}" '
            f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        )
    return made


def drop(name: str) -> str:
    """Remove a table."""
    return f'DROP TABLE IF EXISTS "{name}"'


@cache
def insert(name: str, columns: tuple[str, ...]) -> str:
    """Write a row: id, body, CRC, columns."""
    return (
        f'INSERT INTO "{name}" ({_names(("doc_id", "body", "crc", *columns))}) VALUES (?, ?, ?{", ?" * len(columns)})'
    )


@cache
def update(name: str, columns: tuple[str, ...]) -> str:
    """Rewrite body, CRC and these columns of the row with the id given last."""
    sets = "".join(f', "{column}" = ?' for column in columns)
    return f'UPDATE "{name}" SET body = ?, crc = ?{sets} WHERE doc_id = ?'


@cache
def delete(name: str, one: bool) -> str:
    """Remove one row by id, or all."""
    return f'DELETE FROM "{name}"' + (" WHERE doc_id = ?" if one else "")


@cache
def rows(name: str, columns: tuple[str, ...], equal: tuple[str, ...], after: bool, page: bool) -> str:
    """Whole rows in order of id: those whose `equal` columns match, `after` an id, cut by a limit, `page` by offset."""
    where = _where(equal) + (" AND doc_id > ?" if after else "")
    picked = _names(("doc_id", "body", "crc", *columns))
    return f'SELECT {picked} FROM "{name}" WHERE {where} ORDER BY doc_id LIMIT ?' + (" OFFSET ?" if page else "")


@cache
def columns(name: str, picked: tuple[str, ...], equal: tuple[str, ...], order: tuple[str, ...], last: bool) -> str:
    """Columns alone in an order; only the last by it with `last`."""
    by = ", ".join(f'"{column}"' + (" DESC" if last else "") for column in order)
    tail = " LIMIT 1" if last else ""
    return f'SELECT {_names(picked)} FROM "{name}" WHERE {_where(equal)} ORDER BY {by}{tail}'


@cache
def every_row(name: str, columns: tuple[str, ...], backwards: bool) -> str:
    """Whole rows by id, from the last one back with `backwards`."""
    picked = _names(("doc_id", "body", "crc", *columns))
    return f'SELECT {picked} FROM "{name}" ORDER BY doc_id' + (" DESC" if backwards else "")


@cache
def containing(name: str, picked: tuple[str, ...]) -> str:
    """Columns of the rows whose body has these bytes in it."""
    return f'SELECT {_names(picked)} FROM "{name}" WHERE instr(body, ?) ORDER BY doc_id'


@cache
def count(name: str, equal: tuple[str, ...]) -> str:
    """How many rows match."""
    return f'SELECT count(*) FROM "{name}" WHERE {_where(equal)}'


@cache
def last_id(name: str) -> str:
    """The largest id, null for an empty table."""
    return f'SELECT max(doc_id) FROM "{name}"'


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _where(equal: tuple[str, ...]) -> str:
    return " AND ".join(f'"{name}" = ?' for name in equal) or "1"
