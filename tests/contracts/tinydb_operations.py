"""Random operations on TinyDB tables, for our tables and stock TinyDB's to be held side by side."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tinydb import Query, TinyDB, where
from tinydb.operations import delete, increment
from tinydb.storages import MemoryStorage
from tinydb.table import Document

from dealwright.store import sql
from dealwright.store.documents import Column, Layout
from dealwright.store.sqlite_file import create
from dealwright.store.tables import Database

PEOPLE = Layout(
    "people",
    (Column("city", key="city"), Column("age", "INTEGER", key="age")),
    indexes=(("city",), ("age",)),
)
_GIVING_IDS = {"insert", "insert_multiple", "insert_at", "upsert", "truncate"}


def _value(pick: random.Random) -> Any:
    return pick.choice(["Lyon", "Graz", "", 1, 1.0, True, 0, None, 7, -3, 2.5, "1", ["Lyon"], {"a": 1}, 2**70])


def _document(pick: random.Random) -> dict[str, Any]:
    keys = pick.sample(["city", "age", "note", "n"], pick.randint(0, 4))
    return {key: pick.randint(0, 5) if key == "n" else _value(pick) for key in keys}


def _query(pick: random.Random) -> Any:
    person = Query()
    simple = [
        where("city") == _value(pick),
        where("age") == _value(pick),
        where("city") != _value(pick),
        person.n > pick.randint(0, 5),
        person.note.exists(),
        person.city.test(bool),
        person.note.a == 1,
        person.city.one_of(["Lyon", "Graz"]),
    ]
    first, second = pick.choice(simple), pick.choice(simple)
    return pick.choice([first, first & second, first | second, ~first, first & second & (person.n >= 1)])


def operation(pick: random.Random) -> tuple[str, Callable[[Any], Any]]:
    """The name of an operation, and the operation as a function of a table; the same for both sides."""
    query, document, documents = _query(pick), _document(pick), [_document(pick) for _ in range(pick.randint(0, 3))]
    ids = [pick.randint(1, 60) for _ in range(pick.randint(0, 3))]
    some = pick.randint(1, 80)
    kinds = {
        "insert": (6, lambda t: t.insert(document)),
        "insert_multiple": (3, lambda t: t.insert_multiple(documents)),
        "insert_at": (1, lambda t: t.insert(Document(document, _last(t) + some))),
        "update": (3, lambda t: t.update(document, query)),
        "update_ids": (1, lambda t: t.update(document, doc_ids=sorted(set(ids)))),
        "update_by": (1, lambda t: t.update(increment("n"), query & where("n").exists())),
        "delete_key": (1, lambda t: t.update(delete("city"), query & where("city").exists())),
        "update_multiple": (1, lambda t: t.update_multiple([(document, query), ({"n": 1}, where("city") == "Lyon")])),
        "upsert": (2, lambda t: t.upsert(document, query)),
        "remove": (1, lambda t: t.remove(query & (where("n") == some % 5))),
        "remove_ids": (2, lambda t: t.remove(doc_ids=sorted(set(ids)))),
        "truncate": (0.05, lambda t: t.truncate()),
        "search": (4, lambda t: t.search(query)),
        "get": (2, lambda t: t.get(query)),
        "get_id": (2, lambda t: t.get(doc_id=some)),
        "get_ids": (1, lambda t: t.get(doc_ids=ids)),
        "contains": (1, lambda t: t.contains(query)),
        "count": (1, lambda t: t.count(query)),
        "len": (1, len),
        "all": (0.5, lambda t: t.all()),
    }
    name = pick.choices(list(kinds), [weight for weight, _ in kinds.values()])[0]
    return name, kinds[name][1]


def _last(table: Any) -> int:
    return max((document.doc_id for document in table), default=0)


def with_ids(result: Any) -> Any:
    """What an operation gave, in a form that can be compared: documents with their ids, in one order."""
    if isinstance(result, Document):
        return result.doc_id, dict(result)
    if isinstance(result, list):
        return sorted((with_ids(entry) for entry in result), key=repr)
    return result


class Pair:
    """The same table in a file of ours, open twice as by two processes, and in stock TinyDB's memory.

    New ids are given by the first connection alone: which id comes next is remembered by whoever
    gave the last one, in stock TinyDB too. The other reads, changes and removes.
    """

    def __init__(self, folder: Path, table: str, seed: int) -> None:
        self._path = folder / f"pair-{seed}.db"
        create(self._path, 1, [(statement, ()) for statement in sql.create(PEOPLE.name, PEOPLE)])
        self._open = [Database(self._path, (PEOPLE,)) for _ in range(2)]
        self._ours = [database.table(table) for database in self._open]
        self._stock = TinyDB(storage=MemoryStorage).table("t", cache_size=0)
        self._pick = random.Random(seed)
        self.done = 0

    def run(self, count: int) -> None:
        """So many operations, some of them several to a transaction. Raises AssertionError at the first difference."""
        until = self.done + count
        while self.done < until:
            which = self._pick.randrange(2)
            together = min(self._pick.choice([0, 0, 0, 2, 20]), until - self.done)
            if together:
                with self._open[which].transaction():
                    for _ in range(together):
                        self._one(which)
            else:
                self._one(which)
        for ours in self._ours:
            assert with_ids(ours.all()) == with_ids(self._stock.all())

    def _one(self, which: int) -> None:
        name, act = operation(self._pick)
        while which and name in _GIVING_IDS:
            name, act = operation(self._pick)
        expected = with_ids(copy.deepcopy(act(self._stock)))
        found = with_ids(act(self._ours[which]))
        self.done += 1
        assert found == expected, f"operation {self.done}, {name}: {found} and not {expected}"

    def close(self) -> None:
        """Close both."""
        for database in self._open:
            database.close()
