"""What can be saved of a damaged store: every whole record, in a new store that is whole itself."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from store_events import advanced, fields_set, open_deal, state, write

from dealwright.errors import StoreError
from dealwright.events import Record
from dealwright.store import create_store, open_store
from dealwright.store.recover import Recovered, recover

DEALS, EACH = 12, 5


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed store of twelve deals whose events are mixed, one of them larger than a page."""
    path = tmp_path / "store.db"
    with create_store(path) as store:
        for number in range(DEALS):
            open_deal(store, f"b2b-{number}")
        for seq in range(2, EACH + 1):
            for number in range(DEALS):
                deal = f"b2b-{number}"
                note = "long " * 2000 if (number, seq) == (3, 3) else "yes"
                event = advanced(deal, seq) if seq == 2 else fields_set(deal, seq, fit=note)
                write(store, state(deal, seq), seq - 1, event)
        store.put_personal("p1", "subject-1", "Ms Example", "salt")
        store.put_definition("h1", {"id": "b2b", "version": "1.0.0", "source_hash": "s"})
        store.next_number("b2b")
        store.db.table("plugin notes").insert({"text": "kept"})
    return path


def fold(records: Sequence[Record], definitions: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    assert [r.seq for r in records] == list(range(1, len(records) + 1))
    return state(records[0].deal, len(records))


def saved(path: Path) -> tuple[Recovered, Path]:
    into = path.with_name("saved.db")
    return recover(path, into, fold), into


def change(path: Path, offset: int, count: int = 1) -> None:
    content = bytearray(path.read_bytes())
    for at in range(offset, offset + count):
        content[at] ^= 0x5A
    path.write_bytes(content)


def test_a_whole_store_is_saved_with_every_byte_of_its_log(path):
    with open_store(path) as store:
        before = list(store.events()), store.head(), store.deals()[0], store.definitions(), store.personal(["p1"])
    done, into = saved(path)
    assert (done.deals, done.events, done.rehashed_from, done.problems) == (DEALS, DEALS * EACH, None, ())
    with open_store(into) as store:
        assert store.verify(head=f"{DEALS * EACH}:{before[1]}").problems == ()
        after = list(store.events()), store.head(), store.deals()[0], store.definitions(), store.personal(["p1"])
        assert after == before
        assert store.db.table("plugin notes").all() == [{"text": "kept"}]
        assert store.next_number("b2b") == 2
    assert sorted(file.name for file in into.parent.glob("saved.db*")) == [
        "saved.db", "saved.db.head", "saved.db.lock", "saved.db.seal",
    ]  # fmt: skip


@pytest.mark.parametrize("part", ["the header", "the schema", "the table's root"])
def test_what_sqlite_cannot_read_is_found_in_the_bytes(path, part):
    with closing(sqlite3.connect(path)) as raw:
        (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'events'").fetchone()
    offset, count = {"the header": (0, 16), "the schema": (100, 12), "the table's root": ((root - 1) * 4096, 8)}[part]
    change(path, offset, count)
    done, into = saved(path)
    assert (done.events, done.rehashed_from) == (DEALS * EACH, None)
    assert {p.code for p in done.problems} <= {"table-cut"}
    with open_store(into) as store:
        assert store.verify().problems == ()
        assert store.personal(["p1"]) == {"p1": "Ms Example"}


def test_a_deal_whose_chain_is_broken_keeps_what_comes_before(path):
    with open_store(path) as store:
        victim = next(r for r in store.events("b2b-5") if r.seq == 3)
        others = {d: [r.data for r in store.events(d)] for d in (f"b2b-{n}" for n in range(DEALS)) if d != "b2b-5"}
    body = f'"deal":"b2b-5","definition_hash":"{"d" * 64}","position":{victim.position},'.encode()
    change(path, path.read_bytes().index(body) + 10)
    done, into = saved(path)
    assert (done.deals, done.events) == (DEALS, DEALS * EACH - 3)
    assert [(p.deal, p.seq, p.code) for p in done.problems] == [
        (None, None, "row-lost"), ("b2b-5", 3, "chain-cut"),
    ]  # fmt: skip
    assert done.rehashed_from == victim.position
    with open_store(into) as store:
        assert store.verify().problems == ()
        assert [r.seq for r in store.events("b2b-5")] == [1, 2]
        assert store.deal("b2b-5")["version"] == 2
        assert {d: [r.data for r in store.events(d)] for d in others} == others


def test_events_before_the_first_lost_one_keep_their_place_and_hash(path):
    with open_store(path) as store:
        hashes = [r.hash for r in store.events()]
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DROP TRIGGER events_no_delete")
        raw.execute("DELETE FROM events WHERE doc_id = 40")
    done, into = saved(path)
    assert done.rehashed_from == 40
    assert {p.code for p in done.problems} == {"event-lost", "chain-cut"}
    with open_store(into) as store:
        assert [r.hash for r in store.events()][:39] == hashes[:39]
        assert store.verify().problems == ()


@pytest.mark.parametrize("share", [0.6, 0.8, 0.95])
def test_of_a_store_cut_short_all_that_is_left_is_saved(path, share):
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    done, into = saved(path)
    assert {p.code for p in done.problems} & {"event-lost", "chain-cut", "table-cut"}
    with open_store(into) as store:
        assert store.verify().problems == ()


def test_the_journal_is_read_too(path, tmp_path):
    with open_store(path) as store:
        open_deal(store, "b2b-99")
        for file in path.parent.glob("store.db*"):
            shutil.copy(file, tmp_path / file.name.replace("store.db", "copy.db"))
    copy = tmp_path / "copy.db"
    change(copy, 0, 16)
    done = recover(copy, tmp_path / "saved.db", fold)
    assert (done.deals, done.events, done.rehashed_from) == (DEALS + 1, DEALS * EACH + 1, None)


def test_damage_anywhere_costs_one_page_at_most(path):
    whole = path.read_bytes()
    pick = random.Random(11)
    for _ in range(25):
        change(path, pick.randrange(len(whole)))
        into = path.with_name("saved.db")
        done = recover(path, into, fold)
        assert done.events >= DEALS * EACH - 4  # a page holds few events; a deal that loses one loses its later ones
        with open_store(into) as store:
            assert store.verify().problems == ()
        for file in path.parent.glob("saved.db*"):
            file.unlink()
        path.write_bytes(whole)


def test_what_was_removed_does_not_come_back(path):
    with open_store(path) as store:
        store.erase_personal(["p1"])
        store.scrub(["Ms Example"])
    change(path, 0, 16)
    done, into = saved(path)
    assert done.events == DEALS * EACH
    with open_store(into) as store:
        assert store.personal(["p1"]) == {}


def test_nothing_is_written_over_or_made_of_nothing(path, tmp_path):
    with pytest.raises(StoreError, match="already"):
        recover(path, path, fold)
    with pytest.raises(StoreError, match="no store"):
        recover(tmp_path / "gone.db", tmp_path / "saved.db", fold)
    (tmp_path / "noise.db").write_bytes(bytes(range(256)) * 100)
    with pytest.raises(StoreError, match="Nothing that dealwright wrote"):
        recover(tmp_path / "noise.db", tmp_path / "saved.db", fold)
    assert not (tmp_path / "saved.db").exists()


def test_a_deal_without_a_definition_falls_back_on_its_state_or_is_told(path):
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE deals SET crc = 7 WHERE id = 'b2b-1'")
    done = recover(path, path.with_name("saved.db"), lambda records, definitions: None)
    assert done.deals == DEALS - 1
    assert [(p.deal, p.code) for p in done.problems] == [("b2b-1", "deal-lost")]
