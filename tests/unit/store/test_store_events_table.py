"""The log is read as a table and written by the engine alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tinydb import where

from dealwright.errors import StoreError
from dealwright.events import Event, Opened
from dealwright.store import create_store

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    with create_store(tmp_path / "store.db") as made:
        data = Opened(title="Pump station", process="b2b", process_version="1.0.0", to="qualify")
        event = Event("b2b-1", 1, "opened", NOW, "rep-1", "sales_rep", "d", data)
        deal = {"id": "b2b-1", "version": 1, "process": "b2b", "stage": "qualify", "status": "open"}
        made.append(deal, 0, [event], recorded_at=NOW, recorded_by="os-rep")
        yield made


def test_the_log_can_be_searched_as_any_table(store):
    events = store.db.table("events")
    (found,) = events.search((where("deal") == "b2b-1") & (where("data")["title"] == "Pump station"))
    (record,) = store.events()
    assert found["hash"] == record.hash
    assert found.doc_id == record.position == found["position"]
    assert events.count(where("hash") == record.hash) == 1


@pytest.mark.parametrize(
    "write",
    [
        lambda t: t.insert({"deal": "b2b-1", "seq": 2}),
        lambda t: t.insert_multiple([{"deal": "b2b-1", "seq": 2}]),
        lambda t: t.update({"actor": "rep-2"}),
        lambda t: t.update({"actor": "rep-2"}, where("deal") == "b2b-1"),
        lambda t: t.upsert({"actor": "rep-2"}, where("deal") == "b2b-1"),
        lambda t: t.remove(doc_ids=[1]),
        lambda t: t.truncate(),
    ],
)
def test_the_log_cannot_be_written_through_its_table(store, write):
    with pytest.raises(StoreError, match="events"):
        write(store.db.table("events"))
    assert store.verify().problems == ()


def test_deals_can_be_searched_by_their_columns(store):
    deals = store.db.table("deals")
    assert [d["id"] for d in deals.search(where("stage") == "qualify")] == ["b2b-1"]
    assert deals.search(where("stage") == "needs") == []
