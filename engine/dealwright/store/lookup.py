"""Deals by what is inside their documents: by values, by who owns them, by when they are to be looked at.

A value that is asked for inside a transaction gets an index over its place in the documents, made
at the first such question; the answers are the same without it, and every match is compared again
with the document itself.
"""
# ruff: noqa: S608 - names of keys in statements are checked, and values are always bound

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dealwright.store.documents import Row, Value, checked, decode
from dealwright.store.layouts import DEALS, DEFINITIONS, sortable
from dealwright.store.storage import SQLiteStorage

_KEY = re.compile(r"[a-z][a-z0-9_]{0,127}|\d{1,4}", re.ASCII)
_LIVE = "('open', 'won')"
_WAKES = "wakes_at"


def deals_where(
    storage: SQLiteStorage, equal: Mapping[str, Any], process: str | None, statuses: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """The documents that hold these values at these places, in order of opening."""
    clauses: list[str] = []
    values: list[Value] = []
    paths = sorted(equal)
    if paths:
        _index(storage, paths)  # one over all of them: of two, SQLite might choose the one that leaves nearly every row
    for path in paths:
        clauses.append(f"{_place(path)} = ?")
        values.append(_bindable(equal[path]))
    # The plus keeps it from choosing one of these two indexes.
    if process is not None:
        clauses.append('+"process" = ?')
        values.append(process)
    if statuses:
        clauses.append(f'+"status" IN ({", ".join("?" * len(statuses))})')
        values.extend(statuses)
    for document in _documents(storage, " AND ".join(clauses) or "1", values):
        if all(_is(_found(document, path), wanted) for path, wanted in equal.items()):
            yield document


def prepare(storage: SQLiteStorage, places: Sequence[str]) -> None:
    """Make the indexes for looking deals up by these places."""
    for path in places:
        _index(storage, [path])


def page_without(
    storage: SQLiteStorage, equal: Mapping[str, Value], without: Sequence[str], limit: int | None, offset: int
) -> tuple[int, list[dict[str, Any]]]:
    """How many deals match and are of none of the processes `without`; their documents, cut by limit and offset."""
    clauses = [*(f'"{name}" = ?' for name in equal), f'"process" NOT IN ({", ".join("?" * len(without))})']
    where = " AND ".join(clauses)
    values = [*equal.values(), *without]
    ((total,),) = storage.ask(f'SELECT count(*) FROM "{DEALS.name}" WHERE {where}', values)
    cut = f"{where} ORDER BY doc_id LIMIT {-1 if limit is None else int(limit)} OFFSET {int(offset)}"
    return int(total), list(_documents(storage, cut, values, ordered=True))


def loads(storage: SQLiteStorage, process: str) -> dict[str, int]:
    """How many open and won deals of `process` each owner has."""
    _ensure(storage, "deals_loads", f'"{DEALS.name}" ("process", "status", "owner")')
    found = storage.ask(
        f'SELECT "owner", count(*) FROM "{DEALS.name}" WHERE "process" = ? AND "status" IN {_LIVE} '
        'AND "owner" IS NOT NULL GROUP BY "owner"',
        (process,),
    )
    return {str(owner): int(number) for owner, number in found}


def waking(storage: SQLiteStorage, until: datetime) -> list[str]:
    """The ids of the deals whose `wakes_at` has come, the earliest first."""
    place = _place(_WAKES)
    _ensure(storage, "deals_waking", f'"{DEALS.name}" ({place}) WHERE {place} IS NOT NULL')
    found = storage.ask(
        f'SELECT "id" FROM "{DEALS.name}" WHERE {place} IS NOT NULL AND {place} <= ? ORDER BY {place}, doc_id',
        (sortable(until),),
    )
    return [str(deal) for (deal,) in found]


def record_types(storage: SQLiteStorage) -> list[str]:
    """The ids of the definitions that say they are types of record; no other body is read."""
    found: dict[str, None] = {}
    for name, body in storage.containing(DEFINITIONS.name, ("id", "body"), b'"record":true'):
        if msgspec.json.decode(body)["document"].get("resolved", {}).get("record") is True:
            found[str(name)] = None
    return list(found)


def _documents(
    storage: SQLiteStorage, where: str, values: Sequence[Value], *, ordered: bool = False
) -> Iterator[dict[str, Any]]:
    names = ", ".join(f'"{name}"' for name in ("doc_id", "body", "crc", *DEALS.names))
    order = "" if ordered else " ORDER BY doc_id"
    for doc_id, body, crc, *columns in storage.ask(f'SELECT {names} FROM "{DEALS.name}" WHERE {where}{order}', values):
        yield decode(DEALS, checked(DEALS, Row(doc_id, body, tuple(columns), crc)))


def _place(path: str) -> str:
    """Where a dotted path leads in a row's document, as SQLite computes it; null in one that is damaged."""
    steps = []
    for key in path.split("."):
        if not _KEY.fullmatch(key):
            raise ValueError(f"no place in a document: {path[:80]!r}")
        steps.append(f"[{key}]" if key.isdigit() else f".{key}")
    text = "CAST(body AS TEXT)"
    return f"CASE WHEN json_valid({text}) THEN json_extract({text}, '${''.join(steps)}') END"


def _index(storage: SQLiteStorage, paths: Sequence[str]) -> None:
    places = ", ".join(_place(path) for path in paths)
    _ensure(storage, f"deals_at_{'_and_'.join(paths)}", f'"{DEALS.name}" ({places})')


def _ensure(storage: SQLiteStorage, name: str, over: str) -> None:
    """Make an index where the file may be written: inside a transaction."""
    if storage.writing:
        storage.ask(f'CREATE INDEX IF NOT EXISTS "{name}" ON {over}')


def _bindable(value: Any) -> Value:
    """A JSON value as SQLite's json_extract gives it."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str | int | float):
        return value
    return msgspec.json.encode(value).decode()


def _found(document: Any, path: str) -> Any:
    """What stands at a dotted path, or None."""
    for key in path.split("."):
        if isinstance(document, list):
            document = document[int(key)] if key.isdigit() and int(key) < len(document) else None
        elif isinstance(document, dict):
            document = document.get(key)
        else:
            return None
    return document


def _is(found: Any, wanted: Any) -> bool:
    """Equal as JSON: true is not 1."""
    return isinstance(found, bool) == isinstance(wanted, bool) and found == wanted
