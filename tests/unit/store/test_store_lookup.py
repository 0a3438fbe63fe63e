"""Looking into documents stays quick, and leaves a sound file, however many deals there are."""

from __future__ import annotations

import pytest

from dealwright.store import create_store, open_store
from dealwright.store.layouts import DEALS
from dealwright.store.lookup import _place, deals_where, loads, waking


@pytest.fixture
def store(tmp_path):
    made = create_store(tmp_path / "store.db")
    rows = [
        {"id": f"d-{n}", "version": 1, "process": "b2b", "stage": "qualify", "status": "open", "owner": f"rep-{n % 7}",
         "due_at": None, "external_id": None, "title": f"Deal {n}", "opened_at": "2026-03-02T10:30:00Z",
         "fields": {"customer": f"c-{n // 2}"}, "wakes_at": None}
        for n in range(600)
    ]  # fmt: skip
    with made.transaction():
        for number, row in enumerate(rows, 1):
            made.storage.insert(DEALS.name, number, row)
    yield made
    made.close()


def plan(store, query):
    return " ".join(str(row[-1]) for row in store.storage.ask(f"EXPLAIN QUERY PLAN {query}", ("x",)))


def test_a_value_asked_for_inside_a_transaction_is_answered_by_an_index_from_then_on(store):
    place = _place("fields.customer")
    query = f'SELECT doc_id FROM "deals" WHERE {place} = ? AND +"process" = \'b2b\''
    assert "SCAN" in plan(store, query)
    with store.transaction():
        found = list(deals_where(store.storage, {"fields.customer": "c-7"}, "b2b", ("open", "won")))
    assert [d["id"] for d in found] == ["d-14", "d-15"]
    assert "deals_at_fields.customer" in plan(store, query)
    assert store.storage.integrity() == []


def test_loads_and_waking_are_read_from_indexes_alone(store):
    with store.transaction():
        assert sum(loads(store.storage, "b2b").values()) == 600
        from datetime import UTC, datetime

        assert waking(store.storage, datetime(2030, 1, 1, tzinfo=UTC)) == []
    counted = 'SELECT "owner", count(*) FROM "deals" WHERE "process" = ? AND "status" IN (\'open\') GROUP BY "owner"'
    assert "COVERING INDEX deals_loads" in plan(store, counted)
    place = _place("wakes_at")
    assert "deals_waking" in plan(store, f'SELECT "id" FROM "deals" WHERE {place} IS NOT NULL AND {place} <= ?')


def test_a_transaction_that_fails_takes_its_index_back_and_nothing_else_changes(store):
    def fail():
        with store.transaction():
            list(deals_where(store.storage, {"fields.customer": "c-7"}, None, ()))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [d["id"] for d in store.deals_where({"fields.customer": "c-7"})] == ["d-14", "d-15"]


def test_a_row_that_is_no_json_any_more_does_not_keep_others_from_being_found(store):
    with store.transaction():
        store.storage.ask('UPDATE "deals" SET body = ? WHERE doc_id = 3', (b"{broken",))
        store.deals_where({"fields.customer": "c-7"})
    assert [d["id"] for d in store.deals_where({"fields.customer": "c-7"})] == ["d-14", "d-15"]


def test_a_migration_leaves_these_indexes_out_and_the_next_write_makes_them_again(store):
    import sqlite3

    from dealwright.store.migrate import rebuild

    with store.transaction():
        store.deals_where({"fields.customer": "c-7"})
    store.close()
    with sqlite3.connect(store.path, isolation_level=None) as connection:
        connection.execute("BEGIN IMMEDIATE")
        rebuild(connection, lambda _done, _total: None)
        connection.execute("COMMIT")
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    connection.close()
    assert not any(name.startswith("deals_at_") for name in names)
    again = open_store(store.path)
    with again.transaction():
        assert [d["id"] for d in again.deals_where({"fields.customer": "c-7"})] == ["d-14", "d-15"]
    assert again.storage.integrity() == []
    again.close()
