"""Our tables give what stock TinyDB's give, whoever wrote last, and no answer is kept beyond the next write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tinydb import where
from tinydb_operations import PEOPLE, Pair

from dealwright.store import sql
from dealwright.store.sqlite_file import create
from dealwright.store.tables import Database

LYON = where("city") == "Lyon"


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["people", "Plain Table"])
def test_random_operations_give_what_stock_tinydb_gives(tmp_path: Path, seed: int, name: str) -> None:
    pair = Pair(tmp_path, name, seed)
    pair.run(700)
    pair.close()


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    path = tmp_path / "people.db"
    create(path, 1, [(statement, ()) for statement in sql.create(PEOPLE.name, PEOPLE)])
    with Database(path, (PEOPLE,)) as first, Database(path, (PEOPLE,)) as second:
        first.table("people").insert_multiple([{"city": "Lyon", "n": 1}, {"city": "Graz", "n": 2}])
        yield first, second


def selects(database: Database) -> list[str]:
    """The reading of documents from here on."""
    seen: list[str] = []
    database.storage._connection.set_trace_callback(lambda said: seen.append(said) if "SELECT" in said else None)
    return seen


def test_the_same_search_again_reads_no_row(two: tuple[Database, Database]) -> None:
    people = two[0].table("people")
    assert people.search(LYON) == [{"city": "Lyon", "n": 1}]
    seen = selects(two[0])
    people.search(LYON)[0]["n"] = 7
    assert people.search(LYON) == [{"city": "Lyon", "n": 1}]
    assert people.count(LYON) == 1
    assert seen == []


@pytest.mark.parametrize("writer", [0, 1])
def test_a_kept_answer_is_dropped_when_anybody_writes(two: tuple[Database, Database], writer: int) -> None:
    people = two[0].table("people")
    for number in range(3):
        assert people.count(LYON) == 1 + number
        two[writer].table("people").insert({"city": "Lyon", "n": number})


def test_what_was_taken_back_is_in_no_kept_answer(two: tuple[Database, Database]) -> None:
    people = two[0].table("people")
    with pytest.raises(ZeroDivisionError):
        _insert_search_and_fail(two[0])
    assert people.count(LYON) == 1


def _insert_search_and_fail(database: Database) -> None:
    with database.transaction():
        database.table("people").insert({"city": "Lyon"})
        assert database.table("people").count(LYON) == 2
        raise ZeroDivisionError


def test_a_table_that_was_dropped_has_no_kept_answer(two: tuple[Database, Database]) -> None:
    held = two[0].table("free")
    held.insert({"city": "Lyon"})
    assert held.count(LYON) == 1
    two[0].drop_table("free")
    assert held.count(LYON) == 0
    two[1].table("free").insert_multiple([{"city": "Lyon"}] * 2)
    assert held.count(LYON) == 2
    two[1].drop_tables()
    assert held.count(LYON) == 0


def test_queries_that_only_look_alike_are_asked_apart(two: tuple[Database, Database]) -> None:
    """TinyDB's hash of the one equals that of the other."""
    people = two[0].table("people")
    people.insert({"city": ["Lyon"], "n": 3})
    assert people.count(where("city") == ("Lyon",)) == 0
    assert people.count(where("city") == ["Lyon"]) == 1
    limit = 1
    big = where("n").test(lambda n: n > limit)
    assert people.count(big) == 2
    limit = 2
    assert people.count(big) == 1


def test_a_long_answer_is_not_kept(two: tuple[Database, Database]) -> None:
    people = two[0].table("people")
    people.insert_multiple({"city": "Lyon"} for _ in range(1000))
    assert len(people.search(LYON)) == 1001
    seen = selects(two[0])
    assert people.count(LYON) == 1001
    assert seen
