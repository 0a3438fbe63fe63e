"""Tables behave as TinyDB's do, read lazily and write what changed."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tinydb import where
from tinydb.operations import increment

from dealwright.errors import StoreError
from dealwright.store import sql
from dealwright.store.documents import Column, Layout, UnstorableError
from dealwright.store.sqlite_file import create
from dealwright.store.tables import Database

PEOPLE = Layout(
    "people",
    (Column("city", key="city"), Column("age", "INTEGER", key="age")),
    indexes=(("city",), ("age",)),
)


@pytest.fixture
def db(tmp_path: Path):
    path = tmp_path / "people.db"
    create(path, 1, [(statement, ()) for statement in sql.create(PEOPLE.name, PEOPLE)])
    with Database(path, (PEOPLE,)) as made:
        yield made


@pytest.fixture
def statements(db):
    """The SQL that ran since."""
    seen: list[str] = []
    db.storage._connection.set_trace_callback(seen.append)
    return seen


# -- what survives


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=st.dictionaries(st.text(), _JSON, max_size=5))
def test_a_stored_document_reads_back_equal(db, document):
    doc_id = db.insert(document)
    assert dict(db.get(doc_id=doc_id)) == document


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        -math.inf,
        [math.nan],
        {"a": {"b": math.nan}},
        {1: 2},
        {None: 1},
        "\ud800",
        {1},
        b"x",
        object(),
    ],
)
def test_what_would_not_survive_is_refused(db, value):
    with pytest.raises(UnstorableError) as caught:
        db.table("plain").insert({"value": value})
    assert isinstance(caught.value, ValueError)
    assert db.table("plain").all() == []


def test_a_refused_document_takes_its_companions_back(db):
    with pytest.raises(UnstorableError):
        db.insert_multiple([{"n": 1}, {"n": math.nan}])
    assert len(db) == 0


def test_table_names_are_kept_apart_whatever_their_letters(db):
    names = ["a", "A", "a b", 'a"b', "%", "表", "doc_a", "sqlite_x", ""]
    for number, name in enumerate(names):
        db.table(name).insert({"n": number})
    assert [db.table(name).all() for name in names] == [[{"n": number}] for number in range(len(names))]
    assert db.tables() >= set(names)
    db.drop_table("A")
    assert len(db.table("A")) == 0
    assert len(db.table("a")) == 1
    db.drop_tables()
    assert db.tables() == {"people"}
    with pytest.raises(StoreError):
        db.drop_table("people")


# -- laziness


def test_an_update_writes_only_the_rows_that_changed(db, statements):
    people = db.table("people")
    people.insert_multiple({"city": "Lyon" if n < 3 else "Graz", "n": n} for n in range(50))
    statements.clear()
    people.update({"seen": True}, where("n") == 7)
    people.update({"city": "Lyon"}, where("city") == "Lyon")
    assert len([s for s in statements if s.startswith("UPDATE")]) == 1


def test_equality_on_a_column_asks_the_index(db, statements):
    people = db.table("people")
    people.insert_multiple({"city": f"c{n}", "age": n} for n in range(50))
    calls = []

    def seen(value: Any) -> bool:
        calls.append(value)
        return True

    assert people.count((where("city") == "c7") & where("age").test(seen)) == 1
    assert calls == [7]
    select = next(s for s in statements if '"city" = ' in s)
    with closing(sqlite3.connect(db.storage.path)) as raw:
        plan = " ".join(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {select}"))
    assert "people_by_city" in plan


def test_getting_by_id_reads_one_row(db, statements):
    people = db.table("people")
    people.insert_multiple({"n": n} for n in range(50))
    statements.clear()
    assert people.get(doc_id=7)["n"] == 6
    assert len(statements) == 1
    assert '"doc_id" = 7' in statements[0]


def test_a_long_table_can_be_changed_while_it_is_read(db):
    people = db.table("people")
    people.insert_multiple({"n": n} for n in range(1200))
    for document in people:
        people.update({"seen": True}, doc_ids=[document.doc_id])
    assert people.count(where("seen") == True) == 1200  # noqa: E712 - a TinyDB query


def test_another_connections_write_is_seen_by_the_same_query(db):
    query = where("city") == "Lyon"
    assert db.table("people").search(query) == []
    with Database(db.storage.path, (PEOPLE,)) as other:
        other.table("people").insert({"city": "Lyon"})
    assert len(db.table("people").search(query)) == 1
    assert db.table("people").insert({"city": "Graz"}) == 2


# -- transactions


def test_an_updater_that_fails_leaves_the_table_as_it_was(db):
    people = db.table("people")
    people.insert_multiple([{"n": 1}, {"m": 1}])
    with pytest.raises(KeyError):
        people.update(increment("n"))
    assert people.all() == [{"n": 1}, {"m": 1}]


def test_transactions_nest_over_tables(db):
    with db.transaction():
        db.table("a").insert({"n": 1})
        with pytest.raises(ZeroDivisionError):
            _insert_and_fail(db)
    assert len(db.table("a")) == 1
    assert "b" not in db.tables()


def _insert_and_fail(db: Database) -> None:
    with db.transaction():
        db.table("b").insert({"n": 1})
        raise ZeroDivisionError


def test_whole_databases_are_read_and_replaced_as_tinydb_does(db):
    db.table("people").insert({"city": "Lyon"})
    db.table("a").insert({"n": 1})
    assert db.storage.read() == {"people": {"1": {"city": "Lyon"}}, "a": {"1": {"n": 1}}}
    db.storage.write({"b": {"7": {"n": 2}}})
    assert db.table("b").get(doc_id=7) == {"n": 2}
    assert db.tables() == {"people", "b"}
    with pytest.raises(StoreError):
        db.storage.write({"people": {}})
